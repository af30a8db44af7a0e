// How what one random network does depends on its width.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"

namespace varprop::analysis {

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

}  // namespace varprop::analysis
