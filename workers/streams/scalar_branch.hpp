// What a layer adds to its stream, y = F(u), told by a few numbers: to a Gaussian matrix that reads u only
// |u| matters, and what a Gaussian matrix writes is a size times fresh normals.
#pragma once

#include <memory>

#include "core/network/stream.hpp"
#include "core/random/stream.hpp"
#include "workers/networks/branch.hpp"

namespace varprop::workers {

/// (∂F/∂u)ᵀD = h (f û + ξ), û the direction of u, ξ standard normal in all directions beside it.
struct BranchGradient {
  Magnitude squared_rest;  ///< h²
  double along = 0;        ///< f
};

/// F of every layer of one network, with matrices on either end that are never drawn.
///
/// With k₁, k₂ the variances of W₁, W₂, u known by its norm alone and z = W₁u + b₁ = s₁ε₁, a = φ(z):
///     s₁² = k₁|u|² + σ_b²,  ρ₁ = k₁|u|²/s₁²;   y = W₂a + b₂ = sε,  s² = k₂|a|² + σ_b²,  ρ₂ = k₂|a|²/s²;
///     W₂ᵀD = √k₂ |D| (ξ + bα),  δ = φ'(z) ⊙ W₂ᵀD     (TransposedWeights has b);
///     W₁ᵀδ = √k₁ (√ρ₁ ε₁·δ + √(1−ρ₁) |δ| N) û + √k₁ |δ| ξ',   N, ξ' fresh.
class ScalarBranch {
 public:
  virtual ~ScalarBranch() = default;
  /// s² of y = sε, given |u|².
  virtual Magnitude forward(const LayerOfNetwork& at, const Magnitude& squared_input,
                            LayerMeasures& measures) = 0;
  /// After forward() of that layer: D at y with |D|² > 0 and ε·D/|D|, ε the direction of y.
  virtual BranchGradient backward(const LayerOfNetwork& at, const Magnitude& squared_gradient,
                                  double projection, LayerMeasures& measures) = 0;
};

/// How the sums over hidden neurons are made: one by one, or from counts and norms where φ is two straight
/// lines.
enum class HiddenSums { of_neurons, radial };

/// W₂(φ(W₁u + b₁) m/p) + b₂. W₁ has the key.
std::unique_ptr<ScalarBranch> make_mlp_branch(const StreamNetwork& network, HiddenSums hidden,
                                              const PointKey& key);
/// W₃(φ(W₁u) ⊙ W₂u m/p).
std::unique_ptr<ScalarBranch> make_gated_branch(const StreamNetwork& network, const PointKey& key);
/// Attention of one token, W_O W_V u: it has nothing to choose from, and W_Q and W_K no gradient.
std::unique_ptr<ScalarBranch> make_attention_branch(const StreamNetwork& network, const PointKey& key);

}  // namespace varprop::workers
