// How the sums of a layer are made, all that the passes of a network with one input ever need to know of it:
// neuron by neuron (the conditional engine), or from counts and norms (the radial one).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "workers/kernels/layer_pass.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// Which layer of which network: its draws, and how φ sees its pre-activations.
struct LayerOfReplica {
  std::uint32_t replica;
  std::int32_t l;  ///< from 1 to L; at L there is no activation, and ξ is the output gradient's direction
  const SignalRange& range;
  const StopFlag* stop = nullptr;  ///< looked at every few hundred neurons; once raised the sums are void
  double root_rho = 1;             ///< √ρ, the share of W^l in z^l; only orthogonal weights ask for it
  double root_one_minus_rho = 0;   ///< √(1 − ρ), the share of the biases
};

/// Makes a layer's sums from 2n normals (orthogonal weights: 3n, 4n with biases), in O(n) time and O(1)
/// memory.
class NeuronLayers {
 public:
  /// The network must outlive this.
  explicit NeuronLayers(const RandomNetwork& network) : network_(network) {}

  LayerSums sum(const LayerOfReplica& at) const { return sum_layer(pass(at)); }
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const {
    return workers::sum_gradient(pass(at), beta);
  }
  TailUnits find_tail_units(const LayerOfReplica& at) const { return workers::find_tail_units(pass(at)); }

 private:
  LayerPass pass(const LayerOfReplica& at) const {
    constexpr Slopes no_activation{1, 1};
    const bool last = at.l == network_.L;
    return {{network_.activation, last ? std::optional(no_activation) : at.range.linear, at.range.scale,
             at.range.tail},
            network_.stream(at.replica, at.l, Purpose::preactivation),
            network_.stream(at.replica, at.l, last ? Purpose::output : Purpose::transpose),
            network_.n,
            at.stop,
            orthogonal(at)};
  }

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

}  // namespace varprop::workers
