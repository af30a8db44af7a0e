// What the width n adds to the laws of infinite width, to first order in 1/n, and how far the quadrature's
// error may move what is predicted.
#pragma once

#include <cstdint>

#include "core/network/axes.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "theory/means/mean_field.hpp"

namespace varprop::theory {

/// Absolute errors: that of V over 1 − χ_q is one of q*; that of D and, by dD/dq, that of q* are ones of χ;
/// that of V' and, by V'', that of q* are ones of χ_q. 0 where the value is exact or does not exist.
/// Pessimistic by orders of magnitude (theory/means/quadrature.hpp).
struct Uncertainty {
  double q_star = 0;
  double chi = 0;
  double chi_q = 0;
  double xi_q = 0;
  double critical_weight_variance =
      0;  ///< where `variances` are those of the edge of chaos: that of χ over dχ/dσ_w²
};

Uncertainty uncertainty_of(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit);

/// How the gradient at width n differs: backward rate = ln χ + κ₁/n + O(1/n²), Var ln g_1 ≈ v L/n.
struct GradientCorrection {
  double kappa_1;      ///< κ₁: drift of ln g per layer, times n
  double fluctuation;  ///< v: variance of ln g_1 per layer, times n
  /// What κ₁/n neglects, times n²: about half the square of the sum of κ₁'s terms, without their signs, over
  /// 1 − χ_q²/χ, by which δ^l remembers z^l. The size of it, found by simulation (docs/estimators.md); 0 of
  /// straight lines, whose rate is known to all orders.
  double neglected = 0;
};

/// κ₁ and v, formulas in docs/theory.md. For Gaussian weights at a fixed point q* > 0 with χ_q < 1 and χ_q² <
/// χ, and where the signal dies out or grows freely (slopes_without_fixed_point): −(3M−1)/2 and 3M−1 of the
/// slopes that it feels. For orthogonal weights in the latter case, 1 more and 2 less; at a fixed point they
/// are known for the linear network only, where both are 0.
ValueOrReason<GradientCorrection> gradient_correction(
    const MeanField& mean_field, Variances variances, const InfiniteWidth& limit,
    WeightDistribution weights = WeightDistribution::gaussian);

/// How far the errors of the quadrature, of q*, χ and χ_q may move them, each on its own and added up; 0
/// where they are exact or do not exist.
GradientCorrection gradient_correction_error(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, WeightDistribution weights,
                                             const Uncertainty& uncertainty);

/// How the forward variance at width n differs from q_L of infinite width, at a fixed point:
/// ⟨ln q_L⟩ = ln q_L + drift/n, Var ln q_L = fluctuation/n.
struct ForwardCorrection {
  double drift;
  double fluctuation;
  double neglected;  ///< size of what drift/n neglects, times n²: ½(|drift| + Σ/q*²)²
};

/// What finite width adds to ξ_q is not known; its size, relative to ξ_q, as simulated: 8(|drift| +
/// Σ/q*²)/n.
double length_neglected(const ForwardCorrection& correction, std::int64_t width);

/// For Gaussian weights at a fixed point q* > 0 with χ_q < 1. With Σ = N/(1−χ_q²) the variance (times n) of
/// s², the variance of z given the layer below:
///
///     drift = σ_w²V''Σ/(2(1−χ_q)q*) − Σ/(2q*²) − 1,    fluctuation = Σ/q*² + 2
ValueOrReason<ForwardCorrection> forward_correction(const MeanField& mean_field, Variances variances,
                                                    const InfiniteWidth& limit);

}  // namespace varprop::theory
