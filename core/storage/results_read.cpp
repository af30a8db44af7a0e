// Reading slots.
#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
#include "core/storage/results_coordinates.hpp"
#include "core/storage/results_implementation.hpp"

namespace varprop {

namespace {

/// The slots of `count` points, each with `row` numbers (0: a number per slot, without a dimension of its
/// own).
std::vector<double> read_slots(const hdf5::DatasetHandle& dataset, const std::vector<Box>& boxes,
                               std::uint64_t row) {
  std::vector<double> values;
  for (const Box& slots : boxes) {
    const Box box = row == 0 ? slots : slots.times(row);
    const std::size_t before = values.size();
    values.resize(before + box.size());
    hdf5::read_box(dataset, box, std::span(values).subspan(before));
  }
  return values;
}

std::vector<Box> boxes_of_points(const ResultsFile::Implementation& file, PointIndex first,
                                 std::int64_t count) {
  VARPROP_EXPECT(first.value() >= 0 && count >= 0 && first.value() + count <= file.sweep.point_count());
  const auto batches = static_cast<std::uint64_t>(file.sweep.batches);
  return slot_boxes(file.slot_extents(), static_cast<std::uint64_t>(first.value()) * batches,
                    static_cast<std::uint64_t>(count) * batches);
}

}  // namespace

UnitState ResultsFile::state_of(double value, std::uint64_t slot) const {
  validate(value <= static_cast<double>(UnitState::failed),
           fmt::format("{} is damaged: slot {} has the unknown state {} (0 is pending, 1 done, 2 failed).",
                       path().string(), slot, value));
  return static_cast<UnitState>(value);
}

std::vector<UnitState> ResultsFile::states() const {
  std::vector<UnitState> states;
  for (const std::uint8_t value : hdf5::read_all<std::uint8_t>(implementation_->state)) {
    states.push_back(state_of(value, states.size()));
  }
  return states;
}

std::vector<double> ResultsFile::read(const std::string& dataset, PointIndex first,
                                      std::int64_t count) const {
  const auto& known = implementation_->layout.datasets();
  validate(std::any_of(known.begin(), known.end(), [&](const Dataset& d) { return d.name == dataset; }),
           fmt::format("{} holds no {}: its sweep did not measure it.", path().string(), dataset));
  const std::size_t d = implementation_->layout.find(dataset);
  const auto row = static_cast<std::uint64_t>(implementation_->layout.length(d));
  return read_slots(implementation_->rows[d], boxes_of_points(*implementation_, first, count), row);
}

std::vector<Record> ResultsFile::read_records(std::int64_t first, std::int64_t count) const {
  const Implementation& file = *implementation_;
  VARPROP_EXPECT(first >= 0 && count >= 0 && first + count <= file.sweep.unit_count());
  const std::vector<Box> boxes =
      slot_boxes(file.slot_extents(), static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(count));
  const auto wall_seconds = read_slots(file.wall_seconds, boxes, 0);
  std::vector<Record> records;
  for (const double state : read_slots(file.state, boxes, 0)) {
    const auto i = static_cast<std::int64_t>(records.size());
    records.push_back({file.sweep.unit(first + i), state_of(state, static_cast<std::uint64_t>(first + i)),
                       wall_seconds[static_cast<std::size_t>(i)], "", {}});
  }
  for (std::size_t d = 0; d < file.rows.size(); ++d) {
    const std::int64_t length = file.layout.length(d);
    const auto rows = read_slots(file.rows[d], boxes, static_cast<std::uint64_t>(length));
    auto row = rows.begin();
    for (Record& record : records) {
      if (record.state == UnitState::done) record.values.insert(record.values.end(), row, row + length);
      row += length;
    }
  }
  return records;
}

std::vector<std::string> ResultsFile::damaged_descriptions() const {
  return varprop::damaged_descriptions(implementation_->file, sweep());
}

std::vector<double> ResultsFile::read_wall_seconds(PointIndex first, std::int64_t count) const {
  return read_slots(implementation_->wall_seconds, boxes_of_points(*implementation_, first, count), 0);
}

}  // namespace varprop
