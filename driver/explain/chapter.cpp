#include "driver/explain/chapter.hpp"

#include "core/contracts.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

void Chapter::begin_table(std::vector<std::string> columns) {
  blocks_.emplace_back(Table{std::move(columns), {}});
}

void Chapter::add_row(std::vector<std::string> cells) {
  auto& table = std::get<Table>(blocks_.back());
  VARPROP_EXPECT(cells.size() == table.columns.size());
  table.rows.push_back(std::move(cells));
}

void Chapter::begin_measured_table(std::vector<std::string> labels, std::string what) {
  for (std::string& column : std::vector{std::move(what), std::string("error"), std::string("exact")}) {
    labels.push_back(std::move(column));
  }
  begin_table(std::move(labels));
}

void Chapter::add_measured_row(std::vector<std::string> labels, Measurement measurement) {
  for (std::string& text : measured_texts(measurement)) labels.push_back(std::move(text));
  add_row(std::move(labels));
  measurements_.push_back(std::move(measurement));
}

}  // namespace varprop::driver
