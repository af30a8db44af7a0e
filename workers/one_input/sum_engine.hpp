// Exact simulation of a finite network with Gaussian or orthogonal weights, one input, without its weight
// matrices: O(L) memory, and nothing to do in a layer but the sums over its neurons.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/one_input/layers.hpp"
#include "workers/one_input/transposed_weights.hpp"

namespace varprop::workers {

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
  struct Layer : SummedLayer {
    WeightShare share;  ///< of the weights W^l that lead here
    double n = 0;       ///< neurons
  };
  /// The gradient at layer l: |δ^l|² and εᵀδ/|δ| (as in LayerSums: √n ûᵀδ/|δ| for orthogonal weights).
  struct Gradient {
    Magnitude squared_norm;
    double epsilon_projection;
  };

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
      sum_in_range(layer, sums_of_, place(replica, l, layer));
      const Magnitude n = Magnitude::from(layer.n);
      sample.forward[i - 1] = s2 * Magnitude::from(layer.sums.epsilon_epsilon) / n;
      if (l < network_.L) {
        redo_layer(layer, place(replica, l, layer), s2);
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
    sum_in_range(last, sums_of_, at);
    redo_layer(last, at, s2);
    return squared_activations(last);
  }

  /// In its tail, where it is lost in one. `at` sees the layer's range.
  void redo_layer(Layer& layer, const LayerOfReplica& at, const Magnitude& s2) {
    if (Layers::changed && before_activation(network_.norm)) return;  // no layer of size 1 is in a tail
    redo_in_tail(layer, sums_of_, at, network_.plan_range, s2);
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
    const TransposeShares shares = transposed_(s, share, above.epsilon_projection, [&](double beta) {
      return form_gradient(replica, l, beta).unsloped_squared;
    });
    const bool may_vanish = Layers::changed && network_.norm != Norm::none;
    const SlopedGradient d =
        sloped_gradient(s, shares, may_vanish, [&](double beta) { return form_gradient(replica, l, beta); });
    const Magnitude& upsilon = here.range.upsilon;
    return {
        transposed_.gain(l + 1) * above.squared_norm * (upsilon * upsilon * Magnitude::from(d.squared_norm)),
        d.epsilon_projection};
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
