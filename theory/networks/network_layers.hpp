// Plain networks of any widths, with dropout and norms, at infinite width: a layer as a map.
#pragma once

#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

/// Layer l + 1 reads a^l, of mean square A_l per neuron: q_{l+1} = k_{l+1} n_l A_l + σ_b², where with
/// dropout's keep probability p
///
///     no norm  A = V(q)/p     g_l/g_{l+1} = k_{l+1} n_l D(q)/p
///     pre      A = V(1)/p                   k_{l+1} n_l D(1)/(pq)
///     post     A = 1/p                      k_{l+1} n_l D(q)/(pv),   v = V(q), less (Eφ)² for a layer norm
///
/// (g is the whole gradient's squared norm: fan-in is not in it.) `mean_field` outlives the map.
class NetworkLayers : public LayerMap {
 public:
  NetworkLayers(const MeanField& mean_field, const Point& point, const NetworkSettings& settings);

  /// ln q_1, q_1 = k_1 n_0 M + σ_b².
  LayerState first() const;
  LayerState next(const LayerState& state, int l) const override;
  double log_gradient_factor(const LayerState& state, int l) const override;
  bool alike() const override { return alike_; }

  /// ln A_l before dropout.
  double log_activation(const LayerState& state) const;
  /// ln v, the mean square that a norm behind φ divides by; of a layer norm the variance.
  double log_variance_of_values(const LayerState& state) const;
  /// ln(k_l n_{l−1}): the variance of weights as the map of layer l counts it.
  double log_weight(int l) const;
  /// ln(q_l − σ_b²): what the weights bring.
  double log_from_weights(const LayerState& state, int l) const;

 private:
  double log_bias(int l) const;

  const MeanField& mean_field_;
  Point point_;
  NetworkSettings settings_;
  bool alike_;
};

/// Whether every layer behind the first has the same map.
bool has_one_map(const Point& point, const NetworkSettings& settings);

}  // namespace varprop::theory
