#include "report/data/report_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/errors.hpp"
#include "report/data/report_grid.hpp"

namespace varprop::report {

double rounded(double x) {
  if (!std::isfinite(x)) return x;
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{:.6g}", x);
  double y = x;
  std::from_chars(text.data(), text.data() + text.size(), y);
  return y == 0 ? 0 : y;  // no negative zero
}

Json rounded_json(double x) {
  return std::isfinite(x) ? Json(rounded(x)) : Json(nullptr);
}

Json rounded_json(const std::optional<double>& x) {
  return x ? rounded_json(*x) : Json(nullptr);
}

Json low_of(const std::optional<analysis::Interval>& interval) {
  return interval ? rounded_json(interval->low) : Json(nullptr);
}

Json high_of(const std::optional<analysis::Interval>& interval) {
  return interval ? rounded_json(interval->high) : Json(nullptr);
}

ReportTable::ReportTable(const std::vector<std::string>& columns) {
  for_each_axis([this](const auto& axis) { names_.emplace_back(axis.name); });
  names_.insert(names_.end(), columns.begin(), columns.end());
  columns_.resize(names_.size());
}

void ReportTable::add(const Point& point, const AxisSet& known, std::vector<Json> values) {
  VARPROP_EXPECT(axis_count + values.size() == columns_.size());
  std::size_t c = 0;
  for_each_axis([&](const auto& axis) {
    columns_[c].push_back(known[c] ? coordinate_json(point.*axis.value) : Json(nullptr));
    ++c;
  });
  for (Json& value : values) columns_[c++].push_back(std::move(value));
}

const std::vector<Json>& ReportTable::column(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  VARPROP_EXPECT(found != names_.end());
  return columns_[static_cast<std::size_t>(found - names_.begin())];
}

Json ReportTable::by_column() const {
  Json table = Json::object();
  for (std::size_t c = 0; c < names_.size(); ++c) {
    if (tells(c)) table[names_[c]] = columns_[c];
  }
  return table;
}

Json ReportTable::by_row() const {
  Json rows = Json::array();
  for (std::size_t r = 0; r < size(); ++r) {
    Json row = Json::object();
    for (std::size_t c = 0; c < names_.size(); ++c) {
      if (tells(c)) row[names_[c]] = columns_[c][r];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace varprop::report
