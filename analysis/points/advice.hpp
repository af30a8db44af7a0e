// What would make a network start out stable: another weight variance, or more neurons in a layer.
#pragma once

#include <span>

#include "analysis/points/point_analysis.hpp"
#include "analysis/points/predictions.hpp"

namespace varprop::analysis {

/// Gives every point of a sweep its advice.
///
/// nearest_stable: of the grid's points that differ in the weight variance alone and are stable, the one with
/// the smallest |ln ratio|. Where none is, for vanishing and exploding points: the zero of theory's backward
/// rate at this width (of infinite width, where that is not known), unless the grid speaks against it, or so
/// few neurons that single networks stray there. The grid speaks against it where it has a point there that
/// is not stable, or where its neighbours do not vanish below and explode above.
///
/// stable_width: where networks stray, die or drift for want of neurons, the width from which this point
/// would be stable (stable_width_of); where it vanishes or explodes, and single networks of this width stray
/// at the critical weight variance too, the width from which they do not, by theory's variance.
void advise(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions, double factor);

/// The least n' ≥ n at which a direction is stable by the laws in 1/n: with Λ = ρ + δ the measured change, ρ
/// that of infinite networks, v its variance over networks,
///
///     Λ' = ρ + δ n/n',   v' = v n/n',   P(|N(Λ', v')| < ln F) ≥ 0.9,   |Λ'| < ln F
///
/// and, where a neuron dies with ½, (L − 1) 2^−n' ≤ 0.1. None where no width does it: |ρ| ≥ ln F.
std::optional<double> stable_width_of(const Point& point, const Direction& direction, double infinite_change,
                                      double factor);

}  // namespace varprop::analysis
