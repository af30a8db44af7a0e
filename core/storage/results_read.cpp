// Reading slots.
#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
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

std::vector<UnitState> ResultsFile::states() const {
  std::vector<UnitState> states;
  for (const std::uint8_t value : hdf5::read_all<std::uint8_t>(implementation_->state)) {
    validate(value <= static_cast<std::uint8_t>(UnitState::failed),
             fmt::format("{} is damaged: slot {} has the unknown state {} (0 is pending, 1 done, 2 failed).",
                         path().string(), states.size(), value));
    states.push_back(static_cast<UnitState>(value));
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

std::vector<double> ResultsFile::read_wall_seconds(PointIndex first, std::int64_t count) const {
  return read_slots(implementation_->wall_seconds, boxes_of_points(*implementation_, first, count), 0);
}

}  // namespace varprop
