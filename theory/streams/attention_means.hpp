// Averages over a softmax of Gaussian logits: what attention does to permutation-symmetric tokens.
#pragma once

#include <cstdint>

namespace varprop::theory {

/// Two queries i ≠ i' with T keys each. Their logits are normal with one variance, independent between keys,
/// and of one correlation between the queries for every key; A_i = softmax of those of query i.
///
/// With few tokens (T = 2) relative accuracy 1e-10, by the trapezoidal rule. With more, fixed quasi-random
/// points whose second moments are exact, so that nothing is left of order τ²: to 4e-4 of Y₂ up to τ = 1 and
/// 4e-3 up to τ = 3 with up to 32 tokens, four times that with 64 (tests/theory).
struct AttentionMeans {
  double square;   ///< Y₂ = E Σ_a A_ia²
  double product;  ///< Y₁₁ = E Σ_a A_ia A_i'a
  /// Y₂ − Y₁₁ = ½ E|A_i − A_i'|², which has its digits where both queries are nearly one.
  double difference;
  double logit_square;   ///< E Σ_a A_ia² (1 − 2A_ia + |A_i|²): gradients on their way through the logits
  double logit_product;  ///< E Σ_a A_ia A_i'a (1 − A_ia − A_i'a + A_i·A_i')
};

/// τ² = `logit_variance` ≥ 0, 1 − c = `distance` from 0 to 2 for the queries' correlation c. T ≥ 2. A
/// millisecond at T = 8, in proportion to T.
AttentionMeans attention_means(std::int32_t tokens, double logit_variance, double distance);

}  // namespace varprop::theory
