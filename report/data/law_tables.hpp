// The laws as charts show them.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"
#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// A row for each parameter of the laws in depth of the chosen points.
ReportTable depth_laws_table(const analysis::PointGrid& grid, const GridChoice& points);

/// What depends on the width, as points of log-log charts: the critical weight variance less its limit, Var
/// ln g_1, the backward rate's distance from its limit, and the mean square of the first layer where
/// variances are not scaled. Measured at the chosen points, as fitted by the laws that hold, and exact where
/// theory has it.
ReportTable width_laws_table(const analysis::PointGrid& grid, const GridChoice& points,
                             const std::vector<analysis::Law>& laws);

}  // namespace varprop::report
