// Exact simulation of a finite Gaussian network in O(n) time a layer and O(L) memory, without its weight
// matrices.
#pragma once

#include <cstdint>
#include <vector>

#include "core/math/magnitude.hpp"
#include "workers/conditional/layer_pass.hpp"
#include "workers/network_sample.hpp"
#include "workers/random_network.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// The conditional engine: Gaussian weights and biases, any activation, one input.
///
/// Forward: given a = a^{l−1}, z^l = W^l a + b^l is exactly N(0, s²I), s² = k|a|² + σ_b², k = Var W_ij: z^l =
/// sε. Backward: given what the forward pass revealed of W, with δ the gradient at z^l and ρ = k|a|²/s²,
///     Wᵀδ = √k |δ| (ξ + β â),   β = √ρ εᵀδ/|δ| − (1 − √(1−ρ)) âᵀξ,   â = a/|a|, ξ ~ N(0, I) fresh,
/// which is design.md's formula with every vector scaled to size 1; 1 − ρ is computed as σ_b²/s². (The
/// conditional law of a Gaussian matrix given its action on a vector; checked against dense networks by
/// two-sample tests.)
///
/// β is the only number that must be known before δ^{l−1} = φ'(z^{l−1}) ⊙ Wᵀδ, and it enters linearly. So one
/// forward pass over the neurons collects eight sums a layer (LayerSums), and the backward pass is arithmetic
/// on these sums.
class ConditionalEngine {
 public:
  ConditionalEngine(const Point& point, const Ensemble& ensemble, const PointKey& key);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  /// What the backward pass needs to know of layer l < L.
  struct Layer {
    LayerSums sums;
    SignalRange range;
    double root_rho;            ///< √ρ, of the weights W^l that lead here
    double root_one_minus_rho;  ///< √(1 − ρ)
  };
  /// The gradient at layer l: |δ^l|² and εᵀδ/|δ|.
  struct Gradient {
    Magnitude squared_norm;
    double epsilon_projection;
  };

  LayerPass pass(std::uint32_t replica, std::int32_t l, const SignalRange& range) const;
  void forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample) const;
  Gradient output_gradient() const;
  Gradient step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const;

  RandomNetwork network_;
  const StopFlag* stop_ = nullptr;         ///< of the replica at hand
  std::vector<Layer> layers_;              ///< element l − 1 is layer l
  std::vector<Magnitude> squared_signal_;  ///< element l is |a^l|², l = 0..L−1
};

}  // namespace varprop
