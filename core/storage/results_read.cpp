// Reading slots.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/storage/hdf5_watchdog.hpp"
#include "core/storage/results_arrays.hpp"
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

/// The rows of all units of `count` points, those that are elsewhere full of `fill`.
std::vector<double> read_points(const ResultsFile::Implementation& file, const hdf5::DatasetHandle& dataset,
                                PointIndex first, std::int64_t count, std::uint64_t row, double fill) {
  VARPROP_EXPECT(first.value() >= 0 && count >= 0 && first.value() + count <= file.sweep.point_count());
  const std::int64_t begin = first.value() * file.sweep.batches, end = begin + count * file.sweep.batches;
  const std::int64_t from = file.units.position(begin), to = file.units.position(end);
  std::vector<double> held = read_slots(dataset, file.boxes(from, to - from), row);
  if (to - from == end - begin) return held;
  const auto length = static_cast<std::int64_t>(std::max<std::uint64_t>(row, 1));
  std::vector<double> all(static_cast<std::size_t>((end - begin) * length), fill);
  for (std::int64_t position = from; position < to; ++position) {
    std::copy_n(held.begin() + (position - from) * length, length,
                all.begin() + (file.units.slot(position) - begin) * length);
  }
  return all;
}

UnitState state_of(double value, std::int64_t slot, const std::filesystem::path& path) {
  validate(value <= static_cast<double>(UnitState::failed),
           fmt::format("{} is damaged: slot {} has the unknown state {} (0 is pending, 1 done, 2 failed).",
                       path.string(), slot, value));
  return static_cast<UnitState>(static_cast<std::uint8_t>(value));
}

bool is_done(const Record& record) {
  return record.state == UnitState::done;
}

/// Gives the done ones among the records of these boxes their rows and wall seconds.
void read_rows(const ResultsFile::Implementation& file, const std::vector<Box>& boxes,
               std::vector<Record>& records) {
  const auto wall_seconds = read_slots(file.wall_seconds, boxes, 0);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (is_done(records[i])) records[i].wall_seconds = wall_seconds[i];
    if (is_done(records[i])) records[i].values.reserve(static_cast<std::size_t>(file.layout.size()));
  }
  for (std::size_t d = 0; d < file.rows.size(); ++d) {
    const std::int64_t length = file.layout.length(d);
    const auto rows = read_slots(file.rows[d], boxes, static_cast<std::uint64_t>(length));
    for (auto [row, i] = std::pair{rows.begin(), std::size_t{0}}; i < records.size(); ++i, row += length) {
      if (is_done(records[i])) records[i].values.insert(records[i].values.end(), row, row + length);
    }
  }
}

}  // namespace

std::vector<UnitState> ResultsFile::states() const {
  const hdf5::WatchedFile watched(path());
  const HeldUnits& units = implementation_->units;
  std::vector<UnitState> states(static_cast<std::size_t>(sweep().unit_count()), UnitState::elsewhere);
  std::int64_t position = 0;
  for (const std::uint8_t value : hdf5::read_all<std::uint8_t>(implementation_->state)) {
    const std::int64_t slot = units.slot(position++);
    states[static_cast<std::size_t>(slot)] = state_of(value, slot, path());
  }
  return states;
}

std::vector<Record> ResultsFile::read_records(std::int64_t first, std::int64_t count) const {
  const hdf5::WatchedFile watched(path());
  const Implementation& file = *implementation_;
  VARPROP_EXPECT(first >= 0 && count >= 0 && first + count <= file.units.count());
  const std::vector<Box> boxes = file.boxes(first, count);
  std::vector<Record> records;
  for (const double state : read_slots(file.state, boxes, 0)) {
    const std::int64_t slot = file.units.slot(first + static_cast<std::int64_t>(records.size()));
    Record& record = records.emplace_back();
    record.unit = file.sweep.unit(slot);
    record.state = state_of(state, slot, path());
  }
  if (std::any_of(records.begin(), records.end(), is_done)) read_rows(file, boxes, records);
  return records;
}

std::vector<double> ResultsFile::read(const std::string& dataset, PointIndex first,
                                      std::int64_t count) const {
  const hdf5::WatchedFile watched(path());
  const auto& known = implementation_->layout.datasets();
  validate(std::any_of(known.begin(), known.end(), [&](const Dataset& d) { return d.name == dataset; }),
           fmt::format("{} holds no {}: its sweep did not measure it.", path().string(), dataset));
  const std::size_t d = implementation_->layout.find(dataset);
  const auto row = static_cast<std::uint64_t>(implementation_->layout.length(d));
  return read_points(*implementation_, implementation_->rows[d], first, count, row,
                     fill_value(implementation_->layout.datasets()[d].element));
}

std::vector<std::string> ResultsFile::damaged_descriptions() const {
  const hdf5::WatchedFile watched(path());
  return varprop::damaged_descriptions(implementation_->file, sweep(), units());
}

std::vector<double> ResultsFile::read_wall_seconds(PointIndex first, std::int64_t count) const {
  const hdf5::WatchedFile watched(path());
  return read_points(*implementation_, implementation_->wall_seconds, first, count, 0,
                     fill_value(Element::float64));
}

}  // namespace varprop
