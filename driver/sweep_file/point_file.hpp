// Points that stand in a CSV file: a column an axis, a row a point.
#pragma once

#include <string>

#include "driver/sweep_file/grid_points.hpp"

namespace varprop::driver {

/// Adds the columns of the file to the axes of its table, zipped with one another. The first row names the
/// axes; cells are numbers or words, in quotes or not. Throws InputError "FILE:line:column: what is wrong;
/// what is allowed".
void add_point_file(const std::string& name, const std::string& text, TableAxes& axes);

}  // namespace varprop::driver
