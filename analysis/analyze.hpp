// `varprop analyze`: from a results file to points.csv and a summary.
#pragma once

#include <filesystem>

#include "analysis/summary.hpp"

namespace varprop {

struct AnalyzeOptions {
  std::filesystem::path results;    ///< the results file, complete or still being written; never changed
  std::filesystem::path directory;  ///< where the tables go; created if need be
  double factor = 100;              ///< F > 1: a change by less than this factor either way is stable
};

/// Analyzes what is done in the results file and writes DIRECTORY/points.csv, whole or not at all.
/// Throws InputError where the results file is none, the directory is a file or would overwrite the results,
/// or the factor is not a number above 1; SystemError where the disk refuses.
AnalysisSummary analyze(const AnalyzeOptions& options);

}  // namespace varprop
