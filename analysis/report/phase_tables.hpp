// What the phase diagram shows: a cell for each point, and where the gradient neither vanishes nor explodes,
// as measured and by theory.
#pragma once

#include <vector>

#include "analysis/predictions.hpp"
#include "analysis/report/report_axis.hpp"
#include "analysis/report/report_table.hpp"

namespace varprop {

/// A row for each point of `cells`, with its index in `report`.
ReportTable cells_table(const PointGrid& grid, const GridChoice& report, const GridChoice& cells,
                        const Picture& picture);

/// A row for each critical weight variance that holds; empty where the picture's x is something else. Along
/// the depth, of which the law is independent, it is repeated where the depth is the picture's y.
ReportTable critical_table(const std::vector<Law>& laws, const Grid& grid, const Picture& picture);

/// Theory's critical weight variance as curves along the picture's y, of infinite width and at the width;
/// empty where x is something else. `axes_` of the report.
ReportTable edge_table(const Sweep& sweep, const std::vector<ReportAxis>& axes_, const Picture& picture,
                       Predictions& predictions);

}  // namespace varprop
