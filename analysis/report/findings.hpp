// What an analysis found, in a few sentences.
#pragma once

#include <string>
#include <vector>

#include "analysis/laws.hpp"
#include "analysis/summary.hpp"

namespace varprop {

/// The headlines, the most important first, at most 8: how much is done, which share is stable, where
/// gradients are critical, how wide the stable band of the deepest networks is, where the others come from,
/// what leaves a format, which laws hold. Each says no more than the data bear.
std::vector<std::string> findings(const PointGrid& grid, const AnalysisSummary& summary,
                                  const std::vector<Law>& laws);

/// What is missing, and why.
std::vector<std::string> missing_notes(const AnalysisSummary& summary);

}  // namespace varprop
