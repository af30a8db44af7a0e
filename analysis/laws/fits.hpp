// The laws over groups of points: at which weight variance gradients neither vanish nor explode, the length
// that diverges there, and what one random network does depending on its width.
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

/// Each of a group of all widths and depths.
///
/// drift: backward rate = ln χ + κ₁/n (parameters log_chi and kappa_1), all depths together; widths from 64
/// on, at least 3 over at least a factor 4. Theory beside it is the same fit of the finite-width rates that
/// theory gives, so that higher orders of 1/n move both alike.
std::vector<Law> drift_laws(const PointGrid& grid, const GridIndices& origin, Predictions& predictions);

/// fluctuation: Var ln g_1 = slope·(L−1)/n, widths from 128 on, (L−1)/n over at least a factor 4; with C/n
/// beside it, for the layers near the input, where they differ and there is more than one depth. Every point
/// weighs by its (L−1)/n: the relative error of a variance is that of its number of networks. Theory as in
/// `drift`.
std::vector<Law> fluctuation_law(const PointGrid& grid, const GridIndices& origin, Predictions& predictions);

/// width: z's variance against n where variance_scaling is "none", the founding question: ln q_1 = A +
/// exponent·ln n, ln q_1 being what ⟨ln q_1⟩ is without the exact bias ⟨ln(|x|²/n)⟩ + ψ(n/2) − ln(n/2) of its
/// logarithm (none of the latter for orthogonal weights), for other weights the ln of the mean. Without
/// biases; at least 3 widths over at least a factor
/// 8. The exponent is 1.
std::vector<Law> width_law(const PointGrid& grid, const GridIndices& origin, Predictions& predictions);

/// ntk_fluctuation, of every point: E Θ_W²/(E Θ_W)² over its networks, by how much the neural tangent kernel
/// of single networks strays. Refused where too few networks tell a second moment (points/totals.hpp), or
/// without an interval. Theory where it is exact at the point's width (theory/networks/tangent_kernel.hpp).
std::vector<Law> ntk_fluctuation_law(const PointGrid& grid, const GridIndices& place,
                                     Predictions& predictions);

/// correlation_fixed_point, of every point with two inputs: c*. Where it is below 1 (chaotic phase), from the
/// settled ⟨ln(1 − c_l)⟩; where inputs meet, 1, with the last layer's distance for its lower end, as long as
/// the distance falls by its law. Theory is of infinite width; where c* is below 1 it neglects twice the
/// variance of ln(1 − c_l) over networks.
std::vector<Law> correlation_fixed_point_law(const PointGrid& grid, const GridIndices& place,
                                             Predictions& predictions);

/// correlation_depth, likewise: ξ_c, in layers. Where inputs meet, −1 over the change of ⟨ln(1 − c_l)⟩ a
/// layer; else as ξ_q is measured (depth_law.hpp, approach_length).
std::vector<Law> correlation_depth_law(const PointGrid& grid, const GridIndices& place,
                                       Predictions& predictions);

/// stream_growth, gradient_exponent and rank_collapse, of every point with a stream
/// (depth_laws/stream_laws.hpp).
std::vector<Law> stream_growth_law(const PointGrid& grid, const GridIndices& place, Predictions& predictions);
std::vector<Law> gradient_exponent_law(const PointGrid& grid, const GridIndices& place,
                                       Predictions& predictions);
std::vector<Law> rank_collapse_law(const PointGrid& grid, const GridIndices& place, Predictions& predictions);

}  // namespace varprop::analysis
