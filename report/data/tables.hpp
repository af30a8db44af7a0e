// The tables of a report: a cell for each point of the phase diagram, where the gradient neither vanishes nor
// explodes, the laws as charts show them, and the results of every point.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/points/predictions.hpp"
#include "analysis/tables/tables.hpp"
#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// How many points have a cell in a picture of two axes: those that are a product along both, of two values
/// or more of each.
std::size_t drawn_cells(const GridChoice& cells, const Picture& picture);

/// A row for each point of `cells`, with its index in `report`.
ReportTable cells_table(const analysis::PointGrid& grid, const GridChoice& report, const GridChoice& cells,
                        const Picture& picture);

/// A row for each critical weight variance that holds; empty where the picture's x is something else. Along
/// the depth, of which the law is independent, it is repeated where the depth is the picture's y.
ReportTable critical_table(const std::vector<analysis::Law>& laws, const Grid& grid, const Picture& picture);

/// k ξ_c, how deep networks can be trained, as a curve over the picture; empty but where its x is the weight
/// variance and its y the depth.
ReportTable trainable_table(const analysis::PointGrid& grid, const GridChoice& report,
                            const Picture& picture);

/// Theory's critical weight variance as curves along the picture's y, of infinite width and at the width;
/// empty where x is something else.
ReportTable edge_table(const Sweep& sweep, const GridChoice& report, const Picture& picture,
                       analysis::Predictions& predictions);

/// Curves of what a layer of infinite width does to q, and to the correlation of two inputs where they were
/// simulated, with their diagonals: of every kind of layer. Empty of more than 300; c of at most 60.
ReportTable maps_table(const analysis::PointGrid& grid, const GridChoice& report,
                       analysis::Predictions& predictions);

/// A row for each parameter of the laws in depth of the chosen points.
ReportTable depth_laws_table(const analysis::PointGrid& grid, const GridChoice& points,
                             const std::vector<analysis::Law>& laws);

/// What depends on the width, as points of log-log charts: the critical weight variance less its limit, Var
/// ln g_1, the backward rate's distance from its limit, and the mean square of the first layer where
/// variances are not scaled. Measured at the chosen points, as fitted by the laws that hold, and exact where
/// theory has it.
ReportTable width_laws_table(const analysis::PointGrid& grid, const GridChoice& points,
                             const std::vector<analysis::Law>& laws);

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
