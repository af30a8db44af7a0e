// Which law is asked of a point's profiles, and what becomes of it.
#pragma once

#include "analysis/depth_law.hpp"
#include "analysis/point_results.hpp"
#include "analysis/point_theory.hpp"

namespace varprop {

/// The law of ⟨ln q_l⟩, l going up. Theory says which to look for, data decide whether it holds:
///
///     a fixed point q* > 0 draws the signal in:    q* and ξ_q
///     nothing holds q, and χ_q ≠ 1:                the rate
///     the signal dies out and χ_q = 1:             a power of l, in networks at least 32 times as wide as
///     deep else:                                        none
///
/// `extinct_share`: of networks, at the end of travel. At least one batch is done.
DepthLaw forward_depth_law(const PointResults& results, const PointTheory& theory, double extinct_share);

/// The law of ⟨ln g_l⟩: the rate going down, or at criticality a power of l.
DepthLaw backward_depth_law(const PointResults& results, const PointTheory& theory, double extinct_share);

}  // namespace varprop
