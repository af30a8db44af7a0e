#include "analysis/report/report_table.hpp"

#include <algorithm>

#include "analysis/report/report_axis.hpp"
#include "core/contracts.hpp"

namespace varprop {

ReportTable::ReportTable(const std::vector<std::string>& columns) {
  for_each_axis([this](const auto& axis) { names_.emplace_back(axis.name); });
  names_.insert(names_.end(), columns.begin(), columns.end());
  columns_.resize(names_.size());
}

void ReportTable::add(const Point& point, const Coordinates& known, std::vector<Json> values) {
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
  for (std::size_t c = 0; c < names_.size(); ++c) table[names_[c]] = columns_[c];
  return table;
}

Json ReportTable::by_row() const {
  Json rows = Json::array();
  for (std::size_t r = 0; r < size(); ++r) {
    Json row = Json::object();
    for (std::size_t c = 0; c < names_.size(); ++c) row[names_[c]] = columns_[c][r];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace varprop
