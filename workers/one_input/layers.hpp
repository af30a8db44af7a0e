// The sums of a hidden layer that the engines without weights live on: neuron by neuron, and of straight
// lines from counts and norms.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "workers/kernels/drawn_layer.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// Which layer of which network: its draws, and how φ sees its pre-activations.
struct LayerOfReplica {
  std::uint32_t replica;
  std::int32_t l;  ///< from 1 to L; at L ξ is the output gradient's direction
  const SignalRange& range;
  const StopFlag* stop = nullptr;  ///< looked at every few hundred neurons; once raised the sums are void
  double root_rho = 1;             ///< √ρ, the share of W^l in z^l; only orthogonal weights ask for it
  double root_one_minus_rho = 0;   ///< √(1 − ρ), the share of the biases
  bool activated = true;           ///< whether φ follows: at L only for who asks for a^L
};

/// Makes a layer's sums from 2n normals (orthogonal weights: 3n, 4n with biases), in O(n) time and O(1)
/// memory.
class NeuronLayers {
 public:
  /// Whether there are norms or dropout: then sums come with what the norm divided by.
  static constexpr bool changed = false;

  /// The network must outlive this.
  explicit NeuronLayers(const RandomNetwork& network) : network_(network) {}

  LayerSums sum(const LayerOfReplica& at) const { return sum_layer(pass(at)); }
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const {
    return workers::sum_gradient(pass(at), beta);
  }
  TailUnits find_tail_units(const LayerOfReplica& at) const { return workers::find_tail_units(pass(at)); }

  LayerPass pass(const LayerOfReplica& at) const {
    constexpr Slopes no_activation{1, 1};
    const bool last = at.l == network_.L;
    return {{network_.activation, at.activated ? at.range.linear : std::optional(no_activation),
             at.range.scale, at.range.tail},
            network_.stream(at.replica, at.l, Purpose::preactivation),
            network_.stream(at.replica, at.l, last ? Purpose::output : Purpose::transpose),
            network_.width(at.l),
            at.stop,
            orthogonal(at)};
  }

 private:
  std::optional<OrthogonalPreactivation> orthogonal(const LayerOfReplica& at) const {
    if (network_.weights != WeightDistribution::orthogonal) return std::nullopt;
    const Stream nu = network_.stream(at.replica, at.l, Purpose::preactivation);
    const double squared_norm = sum_squares(nu, network_.n, at.stop);
    return OrthogonalPreactivation{std::sqrt(static_cast<double>(network_.n) / squared_norm), at.root_rho,
                                   at.root_one_minus_rho, network_.stream(at.replica, at.l, Purpose::bias)};
  }

  const RandomNetwork& network_;
};

/// Makes a layer's sums in constant time, for φ of two straight lines, slopes a₊ and a₋.
///
/// Of the n normals ε, K₊ ~ Bin(n, ½) are positive; |ε₊|² ~ χ²_{K₊} and |ε₋|² ~ χ²_{n−K₊}. Of ξ only its
/// components along ε₊ and ε₋ matter, two standard normals, and its squared rests, χ²_{K₊−1} and
/// χ²_{n−K₊−1}: on either side α = aε and σ = a.
class RadialLayers {
 public:
  static constexpr bool changed = false;

  /// The network must outlive this.
  explicit RadialLayers(const RandomNetwork& network) : network_(network) {}

  LayerSums sum(const LayerOfReplica& at) const;
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const;

 private:
  /// The neurons of one sign.
  struct Side {
    double slope;            ///< a
    double epsilon_norm;     ///< |ε|
    double xi_along;         ///< εᵀξ/|ε|; 0 where there is no neuron
    double xi_rest_squared;  ///< |ξ|² beside that
  };
  struct Sides {
    Side positive, negative;
  };

  Sides draw(const LayerOfReplica& at) const;

  const RandomNetwork& network_;
};

/// What the neurons of a layer come to, and how φ saw them.
struct SummedLayer {
  LayerSums sums;
  SignalRange range;
  double values = 0;            ///< Σφ² before a norm behind φ, and before dropout
  double slope_xi_squared = 0;  ///< Σ(σξ)², likewise
  double normed = 1;            ///< mean square of what a norm divides by its root, in units of ε or α
};

/// The sums of a layer in its range, which `at` sees, too. Throws Stopped.
template <class Layers>
void sum_in_range(SummedLayer& layer, const Layers& sums_of, const LayerOfReplica& at) {
  if constexpr (Layers::changed) {
    const auto changed = sums_of.sum_changed(at);
    layer.sums = changed.sums;
    layer.values = changed.values;
    layer.slope_xi_squared = changed.slope_xi_squared;
    layer.normed = changed.mean_square;
  } else {
    layer.sums = sums_of.sum(at);
    layer.values = layer.sums.alpha_alpha;
    layer.slope_xi_squared = layer.sums.slope_xi_squared;
  }
  throw_if_stopped(*at.stop);
}

/// Sums a layer of pre-activations of size s anew in units of its largest value and slope, if it lies so deep
/// in a tail of φ that doubles lose it; `Layers` that never do need no find_tail_units.
template <class Layers>
void redo_in_tail(SummedLayer& layer, const Layers& sums_of, const LayerOfReplica& at,
                  const RangePlanner& plan_range, const Magnitude& s2) {
  if constexpr (requires { sums_of.find_tail_units(at); }) {
    if (!plan_range.lost_in_tail(s2, layer.slope_xi_squared, layer.values)) return;
    layer.range = plan_range.direct(s2.square_root());
    const TailUnits units = sums_of.find_tail_units(at);
    throw_if_stopped(*at.stop);
    layer.range = plan_range.in_tail(layer.range, units);
    sum_in_range(layer, sums_of, at);
  }
}

}  // namespace varprop::workers
