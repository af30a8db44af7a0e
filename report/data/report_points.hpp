// The results of every point as a report holds them: by column, words as numbers, and apart from them where
// numbers leave the floating-point formats.
#pragma once

#include <vector>

#include "analysis/tables/points_table.hpp"
#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// Members `columns`, `points` and `format_exits` of docs/report-format.md.
struct ReportPoints {
  Json columns = Json::array();
  Json points = Json::object();
  Json format_exits = Json::object();
  bool main_columns_only = false;
  std::vector<std::string> formats_left_out{};  ///< columns of format exits for which there was no room
};

/// Of the points of a report: all of points_columns() that have a value, but for large grids the main ones.
ReportPoints report_points(const analysis::PointGrid& grid, const GridChoice& report);

}  // namespace varprop::report
