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

Record ResultsFile::read_record(Unit unit) const {
  const auto slot = static_cast<std::uint64_t>(sweep().slot(unit));
  const std::vector<Box> boxes = slot_boxes(implementation_->slot_extents(), slot, 1);
  const RecordLayout& layout = implementation_->layout;
  Record record{unit, state_of(read_slots(implementation_->state, boxes, 0).front(), slot), 0, "", {}};
  record.wall_seconds = read_slots(implementation_->wall_seconds, boxes, 0).front();
  for (std::size_t d = 0; d < implementation_->rows.size(); ++d) {
    const auto row = read_slots(implementation_->rows[d], boxes, static_cast<std::uint64_t>(layout.length(d)));
    record.values.insert(record.values.end(), row.begin(), row.end());
  }
  return record;
}

std::vector<std::string> ResultsFile::damaged_descriptions() const {
  return varprop::damaged_descriptions(implementation_->file, sweep());
}

std::vector<double> ResultsFile::read_wall_seconds(PointIndex first, std::int64_t count) const {
  return read_slots(implementation_->wall_seconds, boxes_of_points(*implementation_, first, count), 0);
}

}  // namespace varprop
