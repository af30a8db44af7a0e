// What the width n adds to the laws of infinite width, to first order in 1/n.
#pragma once

#include "core/point/choices.hpp"
#include "theory/infinite_width.hpp"
#include "theory/uncertainty.hpp"

namespace varprop {

/// How the gradient at width n differs: backward rate = ln χ + κ₁/n + O(1/n²), Var ln g_1 ≈ v L/n.
struct GradientCorrection {
  double kappa_1;      ///< κ₁: drift of ln g per layer, times n
  double fluctuation;  ///< v: variance of ln g_1 per layer, times n
};

/// κ₁ and v, formulas in docs/theory.md. For Gaussian weights at a fixed point q* > 0 with χ_q < 1 and χ_q² <
/// χ, and where the signal dies out or grows freely (theory/free_running.hpp): −(3M−1)/2 and 3M−1 of the
/// slopes that it feels. For orthogonal weights in the latter case, 1 more and 2 less; at a fixed point they
/// are known for the linear network only, where both are 0.
Reasoned<GradientCorrection> gradient_correction(const MeanField& mean_field, Variances variances,
                                                 const InfiniteWidth& limit,
                                                 Weights weights = Weights::gaussian);

/// How far the errors of the quadrature, of q*, χ and χ_q may move them, each on its own and added up; 0
/// where they are exact or do not exist.
GradientCorrection gradient_correction_error(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, Weights weights,
                                             const Uncertainty& uncertainty);

/// How the forward variance at width n differs from q_L of infinite width, at a fixed point:
/// ⟨ln q_L⟩ = ln q_L + drift/n, Var ln q_L = fluctuation/n.
struct ForwardCorrection {
  double drift;
  double fluctuation;
};

/// For Gaussian weights at a fixed point q* > 0 with χ_q < 1. With Σ = N/(1−χ_q²) the variance (times n) of
/// s², the variance of z given the layer below:
///
///     drift = σ_w²V''Σ/(2(1−χ_q)q*) − Σ/(2q*²) − 1,    fluctuation = Σ/q*² + 2
Reasoned<ForwardCorrection> forward_correction(const MeanField& mean_field, Variances variances,
                                               const InfiniteWidth& limit);

}  // namespace varprop
