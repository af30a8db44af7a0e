// What is measured of one network with a stream, or of a plain one through the same code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/math/magnitude.hpp"
#include "core/network/stream.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/networks/branch.hpp"

namespace varprop::workers {

/// Of one network, element l, l = 0..L, 0 the input. What belongs to a layer of weights, or to its hidden
/// neurons, is 0 at l = 0, and 0 wherever the block does not have it.
struct StreamSample {
  explicit StreamSample(std::int32_t L)
      : forward(static_cast<std::size_t>(L) + 1),
        backward(forward.size()),
        weight_gradient(forward.size()),
        branch_gradient(forward.size()),
        activations(forward.size()),
        correlation(forward.size()),
        gradient_correlation(forward.size()) {
    for (auto& of_role : groups.values) of_role.resize(forward.size());
  }

  std::vector<Magnitude> forward;          ///< q_l = |X_l|²/(nT); plain: |z^l|²/n
  std::vector<Magnitude> backward;         ///< g_l = |∂ℓ/∂X_l|²
  std::vector<Magnitude> weight_gradient;  ///< ω_l = Σ|∂ℓ/∂W|² over the layer's matrices
  ByRole<std::vector<Magnitude>> groups;   ///< each of them
  std::vector<Magnitude> branch_gradient;  ///< (∂ℓ/∂β)², of both sublayers' β as one number
  std::vector<Magnitude> activations;      ///< |φ(·)|²/m of the hidden layer; plain: |a^l|²/n
  /// Of T ≥ 2 tokens: the mean of c_st over pairs, and exp of the mean of ln(1 − c_st); nothing where a token
  /// is 0. Likewise of ∂ℓ/∂x_t.
  std::vector<std::optional<Cosine>> correlation, gradient_correlation;
  Magnitude ntk_weight;      ///< Θ_W = Σ_l ω_l
  Magnitude ntk_bias;        ///< Θ_b = Σ_l |∂ℓ/∂b^l|²
  double output_cosine = 0;  ///< ⟨V, X_L⟩/|X_L|
  double input_cosine = 0;   ///< ⟨D_0, X_0⟩/(|D_0||X_0|)
  /// |ln X| has passed 10¹⁷: everything above is void.
  bool overflow = false;

  /// All to nothing, for the next network.
  void clear();
  /// q_l, and whether its logarithm is beyond what a double knows to the unit.
  void record_signal(std::size_t l, const Magnitude& q);
  /// The gradients of a layer of weights, and what of Θ is theirs.
  void record_layer(std::size_t l, const LayerMeasures& measures);
};

}  // namespace varprop::workers
