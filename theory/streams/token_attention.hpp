// What attention of many heads does to tokens that are unlike, as they are behind a causal mask: averages
// over the softmax of Gaussian logits, token by token (docs/theory.md, "Networks with a residual stream").
#pragma once

#include <cstddef>
#include <vector>

#include "core/network/block.hpp"

namespace varprop::theory {

/// A T × T matrix over pairs of tokens.
class TokenMatrix {
 public:
  explicit TokenMatrix(std::size_t tokens, double value = 0)
      : tokens_(tokens), entries_(tokens * tokens, value) {}

  std::size_t tokens() const { return tokens_; }
  double& operator()(std::size_t i, std::size_t j) { return entries_[i * tokens_ + j]; }
  double operator()(std::size_t i, std::size_t j) const { return entries_[i * tokens_ + j]; }
  TokenMatrix& operator*=(double factor);
  /// Adds factor times the other.
  void add(const TokenMatrix& other, double factor);

 private:
  std::size_t tokens_;
  std::vector<double> entries_;
};

/// Element by element.
TokenMatrix product(const TokenMatrix& a, const TokenMatrix& b);

/// Of tokens with the Gram matrix C and A_i the softmax over the keys j (those that query i sees) of normal
/// logits, Cov(S_ij, S_i'j') = `logit_variance` C_ii' C_jj':
///
///     E A C Aᵀ
///
/// over 128 fixed points in the space of T × T logits (32 below τ² = 0.2), each with its negative and of
/// exact mean square, so that nothing is left of first order in S: an error of about a hundredth of what
/// logits of variance τ² add to uniform attention (tests/theory).
TokenMatrix attention_values(const TokenMatrix& C, double logit_variance, AttentionMask mask);

/// Gradients of tokens' Gram matrix Γ on their way down through attention, for logits and values of variance
/// one each.
struct AttentionReturn {
  TokenMatrix by_value;  ///< E AᵀΓA
  /// Through the queries and the keys, dS = A ∘ (dA − rowsum(A ∘ dA)), dA_ij of covariance Γ_ii' C_jj':
  /// E dS C dSᵀ and E dSᵀ C dS
  TokenMatrix by_query, by_key;
};
AttentionReturn attention_gradients(const TokenMatrix& C, const TokenMatrix& gamma, double logit_variance,
                                    AttentionMask mask);

}  // namespace varprop::theory
