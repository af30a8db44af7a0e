#include "core/storage/results_coordinates.hpp"

#include <numeric>

#include "core/point/engines.hpp"
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

}  // namespace

void write_coordinate(const hdf5::DatasetHandle& dataset, const Variable& variable, const Sweep& sweep) {
  for_each_axis([&](const auto& axis) {
    if (variable.name == axis.name) write_axis(dataset, sweep.grid.*axis.values);
  });
  if (variable.name == "batch") hdf5::write_all(dataset, numbers_from_one(hdf5::extents(dataset)[0]));
  if (variable.name == "layer") hdf5::write_all(dataset, sweep.layers);
  if (variable.name == "replica") hdf5::write_all(dataset, numbers_from_one(hdf5::extents(dataset)[0]));
}

void read_coordinates(const hdf5::FileHandle& file, Sweep& sweep) {
  for_each_axis([&](const auto& axis) {
    read_axis(hdf5::open_dataset(file, std::string(axis.name)), sweep.grid.*axis.values);
  });
  sweep.layers = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, "layer"));
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

std::vector<std::string> damaged_descriptions(const hdf5::FileHandle& file, const Sweep& sweep) {
  std::vector<std::string> damaged;
  const auto check_counter = [&](const char* name, std::int32_t length) {
    const auto stored = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, name));
    if (stored != numbers_from_one(static_cast<std::uint64_t>(length))) damaged.emplace_back(name);
  };
  check_counter("batch", sweep.batches);
  check_counter("replica", sweep.replicas_per_batch());
  const auto engines = hdf5::read_all<std::uint8_t>(hdf5::open_dataset(file, "engine"));
  if (engines != engine_flags_of(sweep)) damaged.emplace_back("engine");
  return damaged;
}

}  // namespace varprop
