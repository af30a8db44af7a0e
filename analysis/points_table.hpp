// What is said of every point: the columns of points.csv and the variables of analysis.h5, declared once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/point_analysis.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

/// One result of every point. A number, a whole number (a layer, a count) or a word out of a list.
struct PointColumn {
  enum class Kind { number, whole, word };

  std::string name;
  std::string meaning;
  Kind kind;
  std::function<double(const PointAnalysis&)>
      value;  ///< NaN where there is none; of a word its place in `words`
  std::vector<std::string> words{};

  /// As points.csv has it; empty where there is none.
  std::string text(const PointAnalysis& analysis) const;
  /// As analysis.h5 has it: float64 (fill NaN), int32 (fill −1), or uint8 with flags, 0 for none and the
  /// words from 1 on, their spaces underscores.
  Variable variable() const;
  /// The number that stands in the file; NaN for its fill.
  double stored(const PointAnalysis& analysis) const;
};

/// All results in order. In points.csv the coordinates stand before them.
const std::vector<PointColumn>& point_columns();

std::vector<std::string> point_header();
std::vector<std::string> point_row(const PointAnalysis& analysis);

}  // namespace varprop
