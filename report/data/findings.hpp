// What an analysis found, in a few sentences.
#pragma once

#include <string>
#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/terminal/summary.hpp"

namespace varprop::report {

/// The headlines, the most important first, at most 8: how much is done, which share is stable, where
/// gradients are critical, how wide the stable band of the deepest networks is, where the others come from,
/// what leaves a format, which laws hold. Each says no more than the data bear.
std::vector<std::string> findings(const analysis::PointGrid& grid, const analysis::AnalysisSummary& summary,
                                  const std::vector<analysis::Law>& laws);

/// What is missing, and why.
std::vector<std::string> missing_notes(const analysis::AnalysisSummary& summary);

}  // namespace varprop::report
