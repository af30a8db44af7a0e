// Branches of a layer as they act on tokens that are unlike: a Gram matrix on its way up, and the gradients'
// on its way down, at infinite width (docs/theory.md, "Networks with a residual stream").
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "core/network/stream.hpp"
#include "theory/means/mean_field.hpp"
#include "theory/streams/token_attention.hpp"

namespace varprop::theory {

/// e^log times a matrix whose entries are of order 1.
struct ScaledTokens {
  double log;
  TokenMatrix tokens;

  void add(const TokenMatrix& other, double log_factor);
  double trace() const;
};

/// Cosines of vectors of this Gram matrix.
TokenMatrix cosines_of(const TokenMatrix& gram);

/// What a branch F reads: u of cosines C, all of one mean square e^log_u.
struct TokenInput {
  TokenMatrix C;
  double log_u;
};

/// F(u), without β.
struct TokenOutput {
  ScaledTokens gram;  ///< of F, over n
  double log_a;       ///< ln of the mean square of its hidden activations; −∞ without any
};

/// Gradients behind F, on their way down to u.
struct TokenReturn {
  ScaledTokens gradient;
  ByRole<double> log_weights;  ///< ln|∂ℓ/∂W|² of its matrices, without β²; −∞ of others
};

/// Of the layers of a network with attention, under either mask. Both arguments outlive it.
class TokenBranches {
 public:
  TokenBranches(const MeanField& mean_field, const StreamNetwork& network)
      : mean_field_(mean_field), network_(network) {}

  struct Branch {
    TokenOutput (TokenBranches::*up)(const TokenInput& u) const;
    TokenReturn (TokenBranches::*down)(const TokenInput& u, const ScaledTokens& gamma) const;
  };
  /// In order: attention, then mlp or glu.
  std::vector<Branch> branches() const;

 private:
  /// φ of pre-activations of one variance and of some cosines: C/V and K/D, 1/p in the diagonal, since masks
  /// are independent.
  struct Hidden {
    double log_V, log_D;
    TokenMatrix values, slopes;
  };

  TokenOutput attention_up(const TokenInput& u) const;
  TokenReturn attention_down(const TokenInput& u, const ScaledTokens& gamma) const;
  TokenOutput mlp_up(const TokenInput& u) const;
  TokenReturn mlp_down(const TokenInput& u, const ScaledTokens& gamma) const;
  TokenOutput glu_up(const TokenInput& u) const;
  TokenReturn glu_down(const TokenInput& u, const ScaledTokens& gamma) const;

  double log_fan_in(MatrixRole role) const;
  double log_read(const TokenInput& u) const;
  double log_values_out() const;
  double log_logits(const TokenInput& u) const;
  Hidden hidden(double log_s, const TokenMatrix& cosines) const;
  Hidden mlp_hidden(const TokenInput& u) const;

  const MeanField& mean_field_;
  const StreamNetwork& network_;
};

}  // namespace varprop::theory
