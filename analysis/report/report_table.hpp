// A table of the report: by column for the page, by row for a chart that stands alone.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analysis/report/rounded.hpp"
#include "core/sweep/axes.hpp"

namespace varprop {

/// Which coordinates a row has; along the other axes it is of all points.
using Coordinates = std::array<bool, axis_count>;
constexpr Coordinates all_coordinates() {
  Coordinates all{};
  all.fill(true);
  return all;
}

class ReportTable {
 public:
  /// Columns of its own; the coordinates are put before them.
  explicit ReportTable(const std::vector<std::string>& columns);

  /// A row: what it is of, and an element for each column of its own.
  void add(const Point& point, const Coordinates& known, std::vector<Json> values);

  std::size_t size() const { return columns_.front().size(); }
  /// The elements of one column.
  const std::vector<Json>& column(const std::string& name) const;

  /// {column: [element, …]}.
  Json by_column() const;
  /// [{column: element}, …].
  Json by_row() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<Json>> columns_;
};

}  // namespace varprop
