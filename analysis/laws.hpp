// The laws of a whole sweep: every row of laws.csv.
#pragma once

#include <vector>

#include "analysis/law.hpp"
#include "analysis/point_grid.hpp"
#include "analysis/predictions.hpp"

namespace varprop {

/// All laws in the order of LawName; within a law in the order of the grid.
std::vector<Law> find_laws(const PointGrid& grid, Predictions& predictions);

}  // namespace varprop
