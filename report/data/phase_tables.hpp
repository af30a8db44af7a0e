// What the phase diagram shows: a cell for each point, and where the gradient neither vanishes nor explodes,
// as measured and by theory.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/points/predictions.hpp"
#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// A row for each point of `cells`, with its index in `report`.
ReportTable cells_table(const analysis::PointGrid& grid, const GridChoice& report, const GridChoice& cells,
                        const Picture& picture);

/// A row for each critical weight variance that holds; empty where the picture's x is something else. Along
/// the depth, of which the law is independent, it is repeated where the depth is the picture's y.
ReportTable critical_table(const std::vector<analysis::Law>& laws, const Grid& grid, const Picture& picture);

/// Theory's critical weight variance as curves along the picture's y, of infinite width and at the width;
/// empty where x is something else.
ReportTable edge_table(const Sweep& sweep, const GridChoice& report, const Picture& picture,
                       analysis::Predictions& predictions);

}  // namespace varprop::report
