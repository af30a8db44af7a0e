// What a unit costs, before it runs: the order of the plan and the size of the packs follow from it.
#pragma once

#include "core/sweep/sweep.hpp"

namespace varprop {

/// Predicted seconds of one unit of a point on one core of the reference machine (docs/engines.md). A
/// fixed formula of engine, weights, n, L and replicas, so that every run deals the same plan; the pace of
/// the machine at hand only scales it.
double predicted_seconds(const Sweep& sweep, const Point& point);

}  // namespace varprop
