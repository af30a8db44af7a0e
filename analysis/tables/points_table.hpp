// What is said of every point: the columns of points.csv and the variables of analysis.h5, declared once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/points/point_analysis.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop::analysis {

/// How a quantity leaves a floating-point format: positions in positive_quantities, number_formats,
/// range_exits.
struct FormatExit {
  std::size_t quantity, format, exit;
};

/// One result of every point. A number, a whole number (a layer, a count) or a word out of a list.
struct PointColumn {
  enum class Kind { number, whole, word };

  std::string name;
  std::string meaning;
  Kind kind;
  std::function<double(const PointAnalysis&)>
      value;  ///< NaN where there is none; of a word its place in `words`
  std::vector<std::string> words{};
  std::string label{};               ///< a few words for the head of a column
  bool essential = false;            ///< whether reports of very large grids show it, too
  std::optional<FormatExit> exit{};  ///< which one it is the layer of

  /// As points.csv has it; empty where there is none.
  std::string text(const PointAnalysis& analysis) const;
  /// As analysis.h5 has it: float64 (fill NaN), int32 (fill −1), or uint8 with flags, 0 for none and the
  /// words from 1 on, their spaces underscores.
  Variable variable() const;
  /// The number that stands in the file; NaN for its fill.
  double stored(const PointAnalysis& analysis) const;
};

/// All results in order.
const std::vector<PointColumn>& point_columns();

/// In points.csv the coordinates along some axes, and then all results.
std::vector<std::string> point_header(const AxisSet& along = all_but({}));
std::vector<std::string> point_row(const PointAnalysis& analysis, const AxisSet& along = all_but({}));

}  // namespace varprop::analysis
