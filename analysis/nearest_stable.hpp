// What to change: the weight variance at which a network of the same shape would start out stable.
#pragma once

#include <span>

#include "analysis/point_analysis.hpp"
#include "analysis/predictions.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop {

/// Gives every point with a regime its nearest stable weight variance: of the sweep's own points that differ
/// in nothing else and are stable the one with the smallest |ln ratio| (its own, if it is stable itself);
/// where none is, for
/// vanishing and exploding points, the weight variance at which theory's backward rate at the point's width
/// is zero, if it has one. `points` of the whole sweep, in its order.
void find_nearest_stable(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions);

}  // namespace varprop
