// The results of every point as a report holds them: by column, words as numbers, and apart from them where
// numbers leave the floating-point formats.
#pragma once

#include <vector>

#include "analysis/points_table.hpp"
#include "analysis/report/grid_choice.hpp"
#include "analysis/report/rounded.hpp"

namespace varprop {

/// Members `columns`, `points` and `format_exits` of docs/report-format.md.
struct ReportPoints {
  Json columns = Json::array();
  Json points = Json::object();
  Json format_exits = Json::object();
  bool main_columns_only = false;
  std::vector<std::string> formats_left_out{};  ///< columns of format exits for which there was no room
};

/// Of the points of a report: all of points_columns() that have a value, but for large grids the main ones.
ReportPoints report_points(const PointGrid& grid, const GridChoice& report);

/// Whether a column says at which layer a format is left.
bool is_format_exit(const PointColumn& column);

/// Whether a column is shown of large grids, too.
bool is_main_column(const PointColumn& column);

}  // namespace varprop
