// A point in words.
#pragma once

#include <string>

#include "analysis/report/report_table.hpp"

namespace varprop {

/// "tanh networks with bias variance 0.05 and width 1024": the coordinates that are known, as far as the grid
/// has more than one value of them.
std::string named_point(const Point& point, const Grid& grid, const Coordinates& known);

}  // namespace varprop
