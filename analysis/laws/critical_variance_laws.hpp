// The weight variance at which gradients neither vanish nor explode, and the length that diverges there.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"

namespace varprop::analysis {

/// critical_weight_variance of a group of all weight variances, widths and depths.
///
/// Per width: the zero of the windowed backward rate (rate_zero.hpp)
/// of all weight variances and depths, against the finite-width target. With width empty
/// its limit: ln σ_c² = A + B/n, weighted, over widths of at least 64, at least 3 of them over at least a
/// factor 8. Where leaving out the smallest moves A by more than 2 standard errors of that difference, √(Var
/// A_without − Var A), it is left out; refused where too few remain.
///
/// In sweeps with variance_scaling "none" the limit has no law: there σ_c² itself falls like 1/n.
std::vector<Law> critical_variance_laws(const PointGrid& grid, const GridIndices& origin,
                                        Predictions& predictions);

/// correlation_length, per width: ξ = 1/|backward rate| against δ = σ_w²/σ_c² − 1 with the measured σ_c²,
/// ln ξ = A + exponent·ln|δ| + C δ + D δ² for |δ| ≤ 0.3, both sides together; C and D are the next orders of
/// a rate that goes smoothly through zero. The exponent is −1.
std::vector<Law> correlation_length_laws(const PointGrid& grid, const GridIndices& origin,
                                         Predictions& predictions);

}  // namespace varprop::analysis
