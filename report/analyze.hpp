// `varprop analyze`: from a results file to its tables, its report and a summary.
#pragma once

#include <filesystem>

#include "analysis/analysis.hpp"
#include "analysis/terminal/summary.hpp"

namespace varprop::report {

struct AnalyzeOptions {
  std::filesystem::path results;      ///< the results file, complete or still being written; never changed
  std::filesystem::path directory;    ///< where the tables go; created if need be
  double factor = 100;                ///< F > 1: a change by less than this factor either way is stable
  double trainable_depth_factor = 6;  ///< k > 0: networks up to k ξ_c deep can be trained
  analysis::GradientScale gradient_scale{};  ///< what gradients are multiplied with; > 0
  bool figures = false;                      ///< whether the charts are drawn as pictures, too
  analysis::ProgressListener progress{};     ///< hears how far what lasts is
};

/// Analyzes what is done in the results file and writes DIRECTORY/points.csv, laws.csv and analysis.h5
/// (docs/analysis-format.md), and report.html, charts/ and figures/ (docs/report-format.md): all of them, or
/// what stood there before stays whole. Throws InputError where the results file is none, the directory is a
/// file or would overwrite the results, an option is out of its range, or figures cannot be drawn;
/// SystemError where the disk refuses.
analysis::AnalysisSummary analyze(const AnalyzeOptions& options);

}  // namespace varprop::report
