// Findings about regimes: each adds its sentence where there is something to say.
#pragma once

#include "analysis/points/point_grid.hpp"
#include "analysis/terminal/summary.hpp"
#include "report/data/sentences.hpp"

namespace varprop::report {

/// Which share of an activation's points is in which regime.
void add_shares(Sentences& said, const analysis::AnalysisSummary& summary);
/// The widest run of stable weight variances of the deepest networks.
void add_band(Sentences& said, const analysis::PointGrid& grid);
/// What the points that vanish or explode owe it to.
void add_causes(Sentences& said, const analysis::PointGrid& grid);

}  // namespace varprop::report
