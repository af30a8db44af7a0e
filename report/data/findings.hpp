// What an analysis found, in a few sentences.
#pragma once

#include <string>
#include <vector>

#include "analysis/laws/laws.hpp"
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

/// The headlines, the most important first, at most 8: how much is done, which share is stable, where
/// gradients are critical, how wide the stable band of the deepest networks is, where the others come from,
/// what leaves a format, which laws hold. Each says no more than the data bear.
std::vector<std::string> findings(const analysis::PointGrid& grid, const analysis::AnalysisSummary& summary,
                                  const std::vector<analysis::Law>& laws);

/// What is missing, and why.
std::vector<std::string> missing_notes(const analysis::AnalysisSummary& summary);

}  // namespace varprop::report
