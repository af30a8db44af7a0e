// Where a report comes from.
#pragma once

#include "analysis/point_analysis.hpp"
#include "analysis/report/rounded.hpp"
#include "core/storage/results_file.hpp"

namespace varprop {

/// [what, value] pairs: the results file, what filled it, its settings, and how it was analyzed.
Json provenance_json(const ResultsFile& results, const AnalysisSettings& settings);

}  // namespace varprop
