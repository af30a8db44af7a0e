// The points of one table of a sweep file's grid: what its axes, zips and rules make together.
#pragma once

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/sweep/listed_grid.hpp"
#include "driver/sweep_file/numbers.hpp"

namespace varprop::driver {

/// Axes that go together, by their positions: the k-th values of all of them make one combination.
struct ZippedAxes {
  std::vector<std::size_t> axes;
};

/// The values along the axes of a table, in the order written.
struct TableAxes {
  Grid words;  ///< values of the axes that are words
  std::array<std::vector<AxisNumber>, axis_count> numbers;
  std::array<std::optional<Setting>, axis_count> settings;  ///< where the numbers were written
  std::vector<ZippedAxes> zips;

  /// How many values an axis has.
  std::size_t count(std::size_t axis) const;
  /// Whether its points are all combinations of plain values.
  bool is_product() const;
};

std::string_view name_of_axis(std::size_t axis);
/// The position of the axis of this name. Throws InputError, a sentence without a place, where there is none.
std::size_t axis_named(const std::string& name);

/// Rules that follow from axes of one value become numbers. Throws InputError where one is not allowed.
void fold_constants(TableAxes& axes);

/// The grid of a product.
Grid product_of(const TableAxes& axes);

/// What the table's points are too many for.
struct PointsTooMany : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The points of the table, one by one. Throws InputError where a rule gives what its axis may not be, and
/// where rules follow from one another; PointsTooMany.
ListedPoints points_of(const TableAxes& axes);

}  // namespace varprop::driver
