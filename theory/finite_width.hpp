// What the width n adds to the laws of infinite width.
#pragma once

#include <cstdint>

#include "theory/infinite_width.hpp"

namespace varprop {

/// Mean m and variance v of the logarithm of a random ratio.
struct LogRatioLaw {
  double mean;
  double variance;
};

/// The law of ln(|φ-layer out|²/|in|²)/(σ_w² D) for one layer of n neurons, Gaussian weights, no bias (E
/// ratio = 1):
///
///     |φ'(−)| = |φ'(+)| (linear, abs):  χ²_n / n:              m = ψ(n/2) − ln(n/2), v = ψ₁(n/2)
///     one slope zero (ReLU):            (2/n) χ²_K, K~Bin(n,½): given K > 0
///                                       m = E ψ(K/2) − ln(n/4), v = E ψ₁(K/2) + Var ψ(K/2)
///
/// Exact sums up to n = 2²⁴, beyond it −5/(2n) and 5/n (relative error of order 1/n). Of the program's
/// quantities, for an input on the sphere: ⟨ln g_1⟩ = (L−1)(ln χ + m), Var = (L−1)v, and ⟨ln q_L⟩ = ln σ_w² +
/// (L−1)(ln χ + m) + m_linear, Var = (L−1)v + v_linear.
Reasoned<LogRatioLaw> exact_log_ratio(const ActivationFacts& facts, std::int64_t width);

/// The same for the first layer, which no activation precedes: χ²_n/n.
LogRatioLaw linear_log_ratio(std::int64_t width);

/// How the gradient at width n differs: backward rate = ln χ + κ₁/n + O(1/n²), Var ln g_1 ≈ v L/n.
struct GradientCorrection {
  double kappa_1;      ///< κ₁: drift of ln g per layer, times n
  double fluctuation;  ///< v: variance of ln g_1 per layer, times n
};

/// κ₁ and v for Gaussian weights at a fixed point q* > 0 with χ_q < 1 and χ_q² < χ, or for homogeneous φ
/// without bias; formulas in docs/theory.md.
Reasoned<GradientCorrection> gradient_correction(const MeanField& mean_field, Variances variances,
                                                 const InfiniteWidth& limit);

}  // namespace varprop
