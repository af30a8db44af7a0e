// points.csv: one row per point, its columns declared once.
#pragma once

#include <string>
#include <vector>

#include "analysis/point_analysis.hpp"

namespace varprop {

/// A column of points.csv: its name, its meaning, and its field for one point (empty where there is none).
struct PointColumn {
  std::string name;
  std::string meaning;
  std::string (*field)(const PointAnalysis&);
};

/// All columns in order: the axes of the grid, then what was found.
const std::vector<PointColumn>& point_columns();

std::vector<std::string> point_header();
std::vector<std::string> point_row(const PointAnalysis& analysis);

}  // namespace varprop
