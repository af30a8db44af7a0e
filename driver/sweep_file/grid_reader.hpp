// From the tables of a sweep file's grid to its points: products of axes, zipped axes, rules, listed points.
#pragma once

#include "core/sweep/grid.hpp"
#include "driver/sweep_file/document.hpp"

namespace varprop::driver {

/// Listed points may be so many.
inline constexpr std::int64_t most_listed_points = 10'000'000;

/// The union of the points of all tables. One table of plain axes is a product, whose words stay in the order
/// written. Throws InputError.
Grid read_grid(const Document& document, const PointFiles& files);

}  // namespace varprop::driver
