// Exact simulation of a finite network with Gaussian or orthogonal weights, one input, without its weight
// matrices: O(L) memory, and nothing to do in a layer but the sums over its neurons.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "workers/kernels/drawn_layer.hpp"
#include "workers/network/network_sample.hpp"
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

/// What of z = Wa + σ_b b is due to W: ρ = k|a|²/s², s² = k|a|² + σ_b².
struct WeightShare {
  double root_rho;            ///< √ρ
  double root_one_minus_rho;  ///< √(1 − ρ)
};

/// Wᵀδ = √gain |δ| (tξ + bα), ξ ~ N(0, I) fresh.
struct TransposeShares {
  double t;
  double b;
};

/// The laws of Wᵀδ given Wa, â = a/|a|; a = 0 reveals nothing.
///
/// Gaussian W, Var W_ij = k, given z = sε:
///     Wᵀδ = √k |δ| (ξ + βâ),   β = √ρ εᵀδ/|δ| − (1 − √(1−ρ)) âᵀξ,
/// the conditional law of a Gaussian matrix given its action on a vector.
///
/// k is that of the matrix, α lives in the layer that it reads and ε in the one that it leads to.
///
/// Orthogonal W = σ_w Q, σ_w² = kn, given û, the direction of Wa, with c = ûᵀδ/|δ|:
///     Wᵀδ = σ_w |δ| (câ + √(1 − c²) η),   η = ξ⊥/|ξ⊥|,   ξ⊥ = ξ − (âᵀξ)â.
/// Q â = û fixes Qᵀû = â; what remains of Q is Haar from the space orthogonal to â to the one orthogonal
/// to û. n = 1 leaves no such space: Wᵀδ = σ_w |δ| câ.
class TransposedWeights {
 public:
  /// The network must outlive this.
  explicit TransposedWeights(const RandomNetwork& network)
      : orthogonal_(network.weights == WeightDistribution::orthogonal),
        n_(static_cast<double>(network.n)),
        network_(network),
        sigma_w2_(network.k * Magnitude::from(n_)) {}

  /// Of W^l: k_l, or kn = σ_w².
  const Magnitude& gain(std::int32_t l) const { return orthogonal_ ? sigma_w2_ : network_.variance(l); }

  /// t and b from the sums of the layer below W, W's share of z above it, and Σεδ/|δ| there (for orthogonal
  /// weights Σ√n ûδ/|δ|). form(β) gives Σ(ξ + βα)² formed neuron by neuron.
  template <class Form>
  TransposeShares operator()(const LayerSums& below, const WeightShare& share, double projection,
                             Form&& form) const {
    return orthogonal_ ? orthogonal(below, projection, form) : gaussian(below, share, projection);
  }

 private:
  /// Below this share of |ξ|², |ξ|² − (âᵀξ)² has lost eight digits to cancellation.
  static constexpr double cancellation_limit = 1e-8;

  static TransposeShares gaussian(const LayerSums& s, const WeightShare& share, double projection) {
    const double alpha_norm = std::sqrt(s.alpha_alpha);
    if (!(alpha_norm > 0)) return {1, 0};
    const double forgotten = (1 - share.root_one_minus_rho) * (s.alpha_xi / alpha_norm);
    return {1, (share.root_rho * projection - forgotten) / alpha_norm};
  }

  template <class Form>
  TransposeShares orthogonal(const LayerSums& s, double projection, Form&& form) const {
    const double alpha_norm = std::sqrt(s.alpha_alpha);
    if (!(alpha_norm > 0)) return {1 / std::sqrt(s.xi_xi), 0};
    const double c = projection / std::sqrt(n_);
    if (n_ == 1) return {0, c / alpha_norm};
    const double along = s.alpha_xi / alpha_norm;
    double across_squared = s.xi_xi - along * along;
    if (across_squared <= cancellation_limit * s.xi_xi) across_squared = form(-along / alpha_norm);
    const double t = std::sqrt(std::max(1 - c * c, 0.0) / across_squared);
    return {t, (c - t * along) / alpha_norm};
  }

  bool orthogonal_;
  double n_;
  const RandomNetwork& network_;
  Magnitude sigma_w2_;
};

/// One input; `Layers` says how the sums of a layer are made.
///
/// Forward: given a = a^{l−1}, z^l = W^l a + b^l = sε with s² = k|a|² + σ_b², k = Var W_ij. ε is exactly
/// N(0, I) for Gaussian weights; for orthogonal ones Wa is uniform on the sphere of radius √(kn)|a|, so
/// ε = √ρ √n û + √(1−ρ) b, û uniform on the unit sphere, b ~ N(0, I).
/// Backward: given what the forward pass revealed of W, with δ the gradient at z^l,
///     Wᵀδ = √gain |δ| (tξ + bα),   ξ ~ N(0, I) fresh,
/// where TransposedWeights has the gain, t and b: the formulas of docs/engines.md with every vector scaled to
/// size 1.
/// (Checked against dense networks by two-sample tests.)
///
/// t and b are the only numbers that must be known before δ^{l−1} = φ'(z^{l−1}) ⊙ Wᵀδ, and they enter
/// linearly. So one forward pass over the neurons collects a handful of sums a layer (LayerSums), and the
/// backward pass is arithmetic on these sums.
template <class Layers>
class SumEngine {
 public:
  SumEngine(const Point& point, const NetworkSettings& settings, const PointKey& key)
      : network_(point, settings, key),
        sums_of_(network_),
        transposed_(network_),
        layers_(static_cast<std::size_t>(network_.L)),
        squared_signal_(static_cast<std::size_t>(network_.L)) {}
  SumEngine(const SumEngine&) = delete;
  SumEngine& operator=(const SumEngine&) = delete;

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
    stop_ = &stop;
    if (forward(replica, sample)) backward(replica, sample);
  }

 private:
  /// What the backward pass needs to know of layer l < L.
  struct Layer {
    LayerSums sums;
    SignalRange range;
    WeightShare share;            ///< of the weights W^l that lead here
    double values = 0;            ///< Σφ² before a norm behind φ, and before dropout
    double slope_xi_squared = 0;  ///< Σ(σξ)², likewise
    double normed = 1;            ///< mean square of what a norm divides by its root, in units of ε or α
    double n = 0;                 ///< neurons
  };
  /// The gradient at layer l: |δ^l|² and εᵀδ/|δ| (as in LayerSums: √n ûᵀδ/|δ| for orthogonal weights).
  struct Gradient {
    Magnitude squared_norm;
    double epsilon_projection;
  };

  /// Below this share of its parts |d|² has lost eight digits to cancellation: the sums are formed anew.
  static constexpr double cancellation_limit = 1e-8;
  /// Below this share, formed anew, it is rounding: a norm above leaves a single living neuron no gradient.
  static constexpr double nothing_limit = 1e-26;

  /// False where the signal explodes, and with it the rest of the sample.
  bool forward(std::uint32_t replica, NetworkSample& sample) {
    squared_signal_[0] = squared_input(network_, replica, *stop_);
    for (std::int32_t l = 1; l <= network_.L; ++l) {
      const auto i = static_cast<std::size_t>(l);
      const Magnitude& sigma_b2 = network_.bias_variance_of(l);
      const Magnitude from_weights = network_.variance(l) * squared_signal_[i - 1];
      const Magnitude s2 = from_weights + sigma_b2;
      Layer& layer = layers_[i - 1];
      layer.n = static_cast<double>(network_.width(l));
      if (l < network_.L && explodes(s2)) {
        sample.explode(l);
        return false;
      }
      layer.range = plan(s2);
      layer.share.root_rho = s2.zero() ? 0 : (from_weights / s2).square_root().to_double();
      layer.share.root_one_minus_rho = s2.zero() ? 1 : (sigma_b2 / s2).square_root().to_double();
      sum(layer, place(replica, l, layer));
      const Magnitude n = Magnitude::from(layer.n);
      sample.forward[i - 1] = s2 * Magnitude::from(layer.sums.epsilon_epsilon) / n;
      if (l < network_.L) {
        redo_in_tail(layer, place(replica, l, layer), s2);
        if (sample.asks_for_activations()) sample.activations[i - 1] = squared_activations(layer) / n;
        apply_norm(layer, s2);
        squared_signal_[i] = layer.range.tau * layer.range.tau * Magnitude::from(layer.sums.alpha_alpha);
      } else if (sample.asks_for_activations()) {
        sample.activations[i - 1] = squared_last_activations(replica, s2) / n;
      }
    }
    return true;
  }

  /// A signal that is normalized before φ cannot.
  bool explodes(const Magnitude& s2) const {
    return !before_activation(network_.norm) && network_.plan_range.explodes(s2.square_root());
  }

  /// How φ sees z = sε, or N(z).
  SignalRange plan(const Magnitude& s2) const {
    const bool normalized = Layers::changed && before_activation(network_.norm) && !s2.zero();
    return network_.plan_range(normalized ? Magnitude::from(1) : s2.square_root());
  }

  void sum(Layer& layer, const LayerOfReplica& at) {
    if constexpr (Layers::changed) {
      const auto changed = sums_of_.sum_changed(at);
      layer.sums = changed.sums;
      layer.values = changed.values;
      layer.slope_xi_squared = changed.slope_xi_squared;
      layer.normed = changed.mean_square;
    } else {
      layer.sums = sums_of_.sum(at);
      layer.values = layer.sums.alpha_alpha;
      layer.slope_xi_squared = layer.sums.slope_xi_squared;
    }
    throw_if_stopped(*stop_);
  }

  /// |a|² = τ²Σα² before dropout; behind a norm it is n, and 0 where that had nothing to divide by.
  Magnitude squared_activations(const Layer& layer) const {
    const Magnitude& tau = layer.range.tau;
    if (Layers::changed && behind_activation(network_.norm))
      return tau.zero() || layer.normed == 0 ? Magnitude() : Magnitude::from(layer.n);
    return tau * tau * Magnitude::from(layer.values);
  }

  /// The Jacobian of N(x) = x/r is 1/r times the projection that the sums have: it goes into υ. Behind φ the
  /// signal has a size of its own.
  void apply_norm(Layer& layer, const Magnitude& s2) const {
    if (!Layers::changed || network_.norm == Norm::none) return;
    SignalRange& range = layer.range;
    const Magnitude unit_squared = before_activation(network_.norm) ? s2 : range.tau * range.tau;
    const Magnitude r2 = unit_squared * Magnitude::from(layer.normed);
    range.upsilon = r2.zero() ? Magnitude() : range.upsilon / r2.square_root();
    if (behind_activation(network_.norm)) range.tau = Magnitude::from(r2.zero() ? 0 : 1);
  }

  /// |φ(z^L)|², of the same ε; what the way back needs of layer L stays.
  Magnitude squared_last_activations(std::uint32_t replica, const Magnitude& s2) {
    Layer last = layers_.back();
    LayerOfReplica at = place(replica, network_.L, last);
    at.activated = true;
    sum(last, at);
    redo_in_tail(last, at, s2);
    return squared_activations(last);
  }

  /// Sums a layer anew in units of its largest value and slope, if it lies so deep in a tail of φ that
  /// doubles lose it; `Layers` that never do need no find_tail_units. `at` sees the layer's range.
  void redo_in_tail(Layer& layer, const LayerOfReplica& at, const Magnitude& s2) {
    if constexpr (requires { sums_of_.find_tail_units(at); }) {
      if (Layers::changed && before_activation(network_.norm)) return;  // no layer of size 1 is in a tail
      if (!network_.plan_range.lost_in_tail(s2, layer.slope_xi_squared, layer.values)) return;
      layer.range = network_.plan_range.direct(s2.square_root());
      const TailUnits units = sums_of_.find_tail_units(at);
      throw_if_stopped(*stop_);
      layer.range = network_.plan_range.in_tail(layer.range, units);
      sum(layer, at);
    }
  }

  void backward(std::uint32_t replica, NetworkSample& sample) const {
    Gradient gradient = output_gradient();
    for (std::int32_t l = network_.L; l >= 1; --l) {
      const auto i = static_cast<std::size_t>(l);
      if (l < network_.L) gradient = step_down(replica, l, gradient);
      sample.backward[i - 1] = gradient.squared_norm;
      sample.weight_gradient[i - 1] = gradient.squared_norm * squared_signal_[i - 1];
    }
  }

  /// δ^L = v = ν/|ν|, ν ~ N(0, I), which the last layer's sums have in the place of ξ, with slopes 1.
  Gradient output_gradient() const {
    const LayerSums& last = layers_.back().sums;
    return {Magnitude::from(1), last.epsilon_slope_xi / std::sqrt(last.slope_xi_squared)};
  }

  /// From δ^{l+1} to δ^l = φ'(z^l) ⊙ (W^{l+1})ᵀδ^{l+1} = √gain |δ^{l+1}| υd, d = σ ⊙ (tξ + bα).
  Gradient step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const {
    const Layer& here = layers_[static_cast<std::size_t>(l) - 1];
    const LayerSums& s = here.sums;
    const WeightShare& share = layers_[static_cast<std::size_t>(l)].share;
    const auto [t, b] = transposed_(s, share, above.epsilon_projection, [&](double beta) {
      return form_gradient(replica, l, beta).unsloped_squared;
    });
    const double xi_part = t * t * s.slope_xi_squared;
    double d2 = std::fma(b, std::fma(b, s.slope_alpha_squared, 2 * t * s.slope2_xi_alpha), xi_part);
    double epsilon_d = std::fma(b, s.epsilon_slope_alpha, t * s.epsilon_slope_xi);
    if (t > 0 && d2 <= cancellation_limit * std::fma(b * b, s.slope_alpha_squared, xi_part)) {
      const GradientSums exact = form_gradient(replica, l, b / t);
      const double parts = std::fma(b * b, s.slope_alpha_squared, xi_part);
      const bool nothing = Layers::changed && network_.norm != Norm::none &&
                           (parts == 0 || t * t * exact.d_squared <= nothing_limit * parts);
      d2 = nothing ? 0 : t * t * exact.d_squared;
      epsilon_d = nothing ? 0 : t * exact.epsilon_d;
    }
    const double projection = d2 > 0 ? epsilon_d / std::sqrt(d2) : 0.0;
    const Magnitude& upsilon = here.range.upsilon;
    return {transposed_.gain(l + 1) * above.squared_norm * (upsilon * upsilon * Magnitude::from(d2)),
            projection};
  }

  GradientSums form_gradient(std::uint32_t replica, std::int32_t l, double beta) const {
    const GradientSums sums =
        sums_of_.sum_gradient(place(replica, l, layers_[static_cast<std::size_t>(l) - 1]), beta);
    throw_if_stopped(*stop_);
    return sums;
  }

  /// Sees the range of the layer as it is when it is asked.
  LayerOfReplica place(std::uint32_t replica, std::int32_t l, const Layer& layer) const {
    return {replica,       l, layer.range, stop_, layer.share.root_rho, layer.share.root_one_minus_rho,
            l < network_.L};
  }

  RandomNetwork network_;
  Layers sums_of_;
  TransposedWeights transposed_;
  const StopFlag* stop_ = nullptr;         ///< of the replica at hand
  std::vector<Layer> layers_;              ///< element l − 1 is layer l
  std::vector<Magnitude> squared_signal_;  ///< element l is |a^l|², l = 0..L−1
};

/// Gaussian or orthogonal weights, any activation: O(n) time a layer.
using ConditionalEngine = SumEngine<NeuronLayers>;
/// Gaussian weights, φ of two straight lines: O(1) time a layer.
using RadialEngine = SumEngine<RadialLayers>;

}  // namespace varprop::workers
