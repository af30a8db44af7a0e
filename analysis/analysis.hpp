// From a results file to its analyzed points, its laws and the tables that hold them.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/points/point_analysis.hpp"
#include "analysis/points/predictions.hpp"
#include "analysis/terminal/summary.hpp"
#include "core/storage/replacement.hpp"
#include "core/storage/results_file.hpp"

namespace varprop::analysis {

/// Names of the files that tables are written into.
inline constexpr const char* points_name = "points.csv";
inline constexpr const char* laws_name = "laws.csv";
inline constexpr const char* arrays_name = "analysis.h5";

struct Analysis {
  std::vector<PointAnalysis> points;  ///< in the order of the sweep
  std::vector<Law> laws;
  AnalysisSummary summary;
};

/// Hears of every point as it is read, in the order of the sweep: whoever wants its profiles takes them then.
using PointListener = std::function<void(PointIndex, const PointResults&, const PooledProfiles&)>;

/// Analyzes what is done in the results file and stages points.csv, laws.csv and analysis.h5
/// (docs/analysis-format.md). Throws SystemError where the disk refuses.
Analysis analyze_results(const ResultsFile& results, const AnalysisSettings& settings,
                         Predictions& predictions, Replacement& files, const PointListener& listener);

}  // namespace varprop::analysis
