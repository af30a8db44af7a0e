#include "core/storage/results_coordinates.hpp"

#include <fmt/format.h>

#include <numeric>

#include "core/contracts.hpp"
#include "core/point/engines.hpp"
#include "core/storage/results_attributes.hpp"
#include "core/storage/stored_coordinate.hpp"

namespace varprop {

namespace {

std::vector<std::int32_t> numbers_from_one(std::uint64_t count) {
  std::vector<std::int32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

template <class T>
void write_axis(const hdf5::DatasetHandle& dataset, const std::vector<T>& values) {
  std::vector<Stored<T>> all;
  for (const T& value : values) all.push_back(stored(value));
  hdf5::write_all(dataset, all);
}

template <class T>
void read_axis(const hdf5::DatasetHandle& dataset, std::vector<T>& values) {
  values.clear();
  for (const auto& x : hdf5::read_all<Stored<T>>(dataset)) values.push_back(coordinate<T>(x));
}

/// Index of every held unit's point in the grid, from 0.
std::vector<double> point_indices(const Sweep& sweep, const HeldUnits& units) {
  std::vector<double> indices;
  for (std::int64_t i = 0; i < units.count(); ++i) {
    indices.push_back(static_cast<double>(sweep.unit(units.slot(i)).point.value()));
  }
  return indices;
}

/// Number of every held unit's batch, from 1.
std::vector<std::int32_t> batch_numbers(const Sweep& sweep, const HeldUnits& units) {
  std::vector<std::int32_t> numbers;
  for (std::int64_t i = 0; i < units.count(); ++i) {
    numbers.push_back(sweep.unit(units.slot(i)).batch.value() + 1);
  }
  return numbers;
}

/// The slots of a shard's units.
std::vector<std::int64_t> read_slots(const hdf5::FileHandle& file, const Sweep& sweep) {
  const auto points = hdf5::read_all<double>(hdf5::open_dataset(file, "point"));
  const auto batches = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, "batch"));
  validate(!points.empty() && points.size() == batches.size(), "its point and batch do not name its units");
  std::vector<std::int64_t> slots;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool known = 0 <= points[i] && points[i] < static_cast<double>(sweep.point_count()) &&
                       1 <= batches[i] && batches[i] <= sweep.batches;
    validate(known, fmt::format("its unit {} is none of the sweep's units", i + 1));
    const PointIndex point(static_cast<std::int64_t>(points[i]));
    slots.push_back(sweep.slot({point, BatchIndex(batches[i] - 1)}));
    validate(i == 0 || slots[i - 1] < slots[i], fmt::format("its unit {} stands out of order", i + 1));
  }
  return slots;
}

}  // namespace

void write_coordinate(const hdf5::DatasetHandle& dataset, const Variable& variable, const Sweep& sweep,
                      const HeldUnits& units) {
  for_each_axis([&](const auto& axis) {
    if (variable.name == axis.name) write_axis(dataset, sweep.grid.*axis.values);
  });
  const bool counts = variable.is_scale() &&
                      (variable.name == "batch" || variable.name == "unit" || variable.name == "replica");
  if (counts) hdf5::write_all(dataset, numbers_from_one(hdf5::extents(dataset)[0]));
  if (variable.name == "point") hdf5::write_all(dataset, point_indices(sweep, units));
  if (variable.name == "batch" && !counts) hdf5::write_all(dataset, batch_numbers(sweep, units));
  if (variable.name == "layer") hdf5::write_all(dataset, sweep.layers);
}

void read_coordinates(const hdf5::FileHandle& file, Sweep& sweep) {
  for_each_axis([&](const auto& axis) {
    read_axis(hdf5::open_dataset(file, std::string(axis.name)), sweep.grid.*axis.values);
  });
  sweep.layers = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, "layer"));
}

HeldUnits read_held_units(const hdf5::FileHandle& file, const Sweep& sweep) {
  const auto shard = read_shard(file);
  return shard ? HeldUnits(*shard, read_slots(file, sweep)) : HeldUnits(sweep);
}

std::vector<std::uint8_t> engine_flags_of(const Sweep& sweep) {
  const std::size_t pairs = sweep.grid.activation.size() * sweep.grid.weights.size();
  const std::int64_t points_of_a_pair = sweep.point_count() / static_cast<std::int64_t>(pairs);
  std::vector<std::uint8_t> engines;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const Point first = sweep.point(PointIndex(static_cast<std::int64_t>(pair) * points_of_a_pair));
    engines.push_back(static_cast<std::uint8_t>(resolve_engine(first, sweep.ensemble)));
  }
  return engines;
}

std::vector<std::string> damaged_descriptions(const hdf5::FileHandle& file, const Sweep& sweep,
                                              const HeldUnits& units) {
  std::vector<std::string> damaged;
  const auto check_counter = [&](const char* name, std::int64_t length) {
    const auto stored = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, name));
    if (stored != numbers_from_one(static_cast<std::uint64_t>(length))) damaged.emplace_back(name);
  };
  if (units.whole()) {
    check_counter("batch", sweep.batches);
  } else {
    check_counter("unit", units.count());
  }
  check_counter("replica", sweep.replicas_per_batch());
  const auto engines = hdf5::read_all<std::uint8_t>(hdf5::open_dataset(file, "engine"));
  if (engines != engine_flags_of(sweep)) damaged.emplace_back("engine");
  return damaged;
}

}  // namespace varprop
