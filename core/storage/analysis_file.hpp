// analysis.h5: what an analysis found, over the grid of the sweep and its recorded layers.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/storage/replacement.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

inline constexpr std::string_view analysis_filetype = "varprop-analysis";
inline constexpr FormatVersion analysis_format_version{1, 0};

/// Along which dimensions a variable of an analysis runs: the grid's, or the grid's and `layer`. A newer axis
/// that is no dimension of the sweep's file is none here either.
std::vector<std::string> point_dimensions();
std::vector<std::string> profile_dimensions();

/// A root attribute.
using NamedAttribute = std::pair<std::string, std::variant<std::string, double>>;

/// Writes an analysis. The same conventions as a results file (docs/file-format.md): a scale on every axis,
/// numbers little-endian, text last. Throws SystemError, which names the final file, where the disk refuses.
class AnalysisFile {
 public:
  /// Creates every array full of its fill. `variables` run along point_dimensions() or profile_dimensions();
  /// the scales are added. `attributes` follow Conventions, filetype, format_version, and the sweep's title
  /// and identity.
  AnalysisFile(StagedFile file, const Sweep& sweep, const std::vector<Variable>& variables,
               const std::vector<NamedAttribute>& attributes);
  ~AnalysisFile();
  AnalysisFile(const AnalysisFile&) = delete;
  AnalysisFile& operator=(const AnalysisFile&) = delete;

  /// The numbers of successive points from `first` on: one for each point, or one for each recorded layer of
  /// each. NaN stands for the variable's fill.
  void write(const std::string& variable, PointIndex first, std::span<const double> numbers);
  /// Nothing more comes.
  void close();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace varprop
