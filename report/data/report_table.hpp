// A table of the report: by column for the page, by row for a chart that stands alone; and numbers as it
// holds them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/estimate.hpp"
#include "core/json.hpp"
#include "core/network/point.hpp"

namespace varprop::report {

/// `x` to 6 significant digits: what an eye can use of it. NaN and infinities stay.
double rounded(double x);

/// The rounded number; null where it is none, or not finite.
Json rounded_json(double x);
Json rounded_json(const std::optional<double>& x);

/// The ends of an interval; null without one.
Json low_of(const std::optional<analysis::Interval>& interval);
Json high_of(const std::optional<analysis::Interval>& interval);

class ReportTable {
 public:
  /// Columns of its own; the coordinates are put before them.
  explicit ReportTable(const std::vector<std::string>& columns);

  /// A row: what it is of, along the axes that are known (along the others it is of all points), and an
  /// element for each column of its own.
  void add(const Point& point, const AxisSet& known, std::vector<Json> values);

  /// Only these axes are told of the coordinates; all of them unless that is said.
  void tell_along(const AxisSet& axes_) { told_ = axes_; }

  std::size_t size() const { return columns_.front().size(); }
  /// The elements of one column.
  const std::vector<Json>& column(const std::string& name) const;

  /// {column: [element, …]}.
  Json by_column() const;
  /// [{column: element}, …].
  Json by_row() const;

 private:
  bool tells(std::size_t column) const { return column >= axis_count || told_[column]; }

  AxisSet told_ = all_but({});
  std::vector<std::string> names_;
  std::vector<std::vector<Json>> columns_;
};

}  // namespace varprop::report
