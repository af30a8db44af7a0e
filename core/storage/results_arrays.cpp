#include "core/storage/results_arrays.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <type_traits>

#include "core/errors.hpp"
#include "core/network/engine_choice.hpp"
#include "core/storage/results_metadata.hpp"
#include "core/sweep/listed_grid.hpp"
#include "core/text/words.hpp"

namespace varprop {

namespace {

using hdf5::DatasetHandle;
using hdf5::FileHandle;
using hdf5::write_attribute;

DatasetHandle create_array(const FileHandle& file, const Variable& variable, const hdf5::Extents& extents) {
  switch (variable.type) {
    case StoredType::float64:
      return hdf5::create_dataset(file, variable.name, extents, variable.fill);
    case StoredType::int32:
      return hdf5::create_dataset(file, variable.name, extents, static_cast<std::int32_t>(variable.fill));
    case StoredType::uint8:
      return hdf5::create_dataset(file, variable.name, extents, static_cast<std::uint8_t>(variable.fill));
    case StoredType::text:
      break;
  }
  return hdf5::create_dataset(file, variable.name, extents, std::string());
}

/// _FillValue has the type of its variable, as netCDF demands.
void describe_fill(const DatasetHandle& dataset, const Variable& variable) {
  if (!variable.fill_means_missing) return;
  if (variable.type == StoredType::float64) write_attribute(dataset.id(), "_FillValue", variable.fill);
  if (variable.type == StoredType::int32) {
    write_attribute(dataset.id(), "_FillValue", static_cast<std::int32_t>(variable.fill));
  }
}

void describe(const DatasetHandle& dataset, const Variable& variable) {
  write_attribute(dataset.id(), "long_name", variable.long_name);
  if (!variable.units.empty()) write_attribute(dataset.id(), "units", variable.units);
  describe_fill(dataset, variable);
  if (variable.flags.empty()) return;
  std::vector<std::uint8_t> values;
  std::vector<std::string> meanings;
  for (const Flag& flag : variable.flags) {
    values.push_back(flag.value);
    meanings.push_back(flag.meaning);
  }
  write_attribute(dataset.id(), "flag_values", std::span<const std::uint8_t>(values));
  write_attribute(dataset.id(), "flag_meanings", join(meanings, " "));
}

// How a coordinate is stored: text, float64 or int32. R has no 64-bit integers, so a width is a float64.

/// coordinate → what stands in the file
template <class T>
std::string stored(const T& word) {
  return coordinate_text(word);
}
template <class Tag>
double stored(Strong<Tag, double> x) {
  return x.value();
}
template <class Tag>
double stored(Strong<Tag, std::int64_t> n) {
  return static_cast<double>(n.value());
}
template <class Tag>
std::int32_t stored(Strong<Tag, std::int32_t> n) {
  return n.value();
}

template <class T>
using Stored = decltype(stored(std::declval<T>()));

/// what stands in the file → coordinate. Throws InputError for an unknown word.
template <class T>
T coordinate(const Stored<T>& x) {
  if constexpr (NumericCoordinate<T>) {
    return T(static_cast<typename T::value_type>(x));
  } else if constexpr (std::is_enum_v<T>) {
    return choice_of<T>(x);
  } else {
    return T::parse(x);
  }
}

std::vector<std::int32_t> numbers_from(std::int32_t first, std::uint64_t count) {
  std::vector<std::int32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

/// Every value of an axis or, of listed points, the value that each has.
template <class Axis>
void write_axis(const hdf5::DatasetHandle& dataset, const Axis& axis, const Grid& grid) {
  const auto& values = grid.*axis.values;
  std::vector<Stored<typename Axis::value_type>> all;
  for (const auto& value : values) all.push_back(stored(value));
  if (grid.is_product()) return hdf5::write_all(dataset, all);
  constexpr std::size_t place = axis_position<typename Axis::value_type>;
  auto along_points = decltype(all)();
  for (std::int64_t i = 0; i < grid.listed.size(); ++i) along_points.push_back(all[grid.listed[i][place]]);
  hdf5::write_all(dataset, along_points);
}

template <class T>
void read_axis(const hdf5::DatasetHandle& dataset, std::vector<T>& values) {
  values.clear();
  for (const auto& x : hdf5::read_all<Stored<T>>(dataset)) values.push_back(coordinate<T>(x));
}

/// The values of listed points and which of them each point has.
template <class T>
void read_axis_along_points(const hdf5::DatasetHandle& dataset, std::vector<T>& values,
                            std::vector<GridIndices>& places, std::size_t axis) {
  const auto all = hdf5::read_all<Stored<T>>(dataset);
  validate(all.size() == places.size(), "its coordinates are not as many as its points");
  std::map<Stored<T>, std::size_t> known;
  values.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [found, is_new] = known.try_emplace(all[i], known.size());
    if (is_new) values.push_back(coordinate<T>(all[i]));
    places[i][axis] = found->second;
  }
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
  const auto points =
      hdf5::read_all<double>(hdf5::open_dataset(file, std::string(name_of_unit_points(sweep.grid))));
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

DatasetHandle create_described_array(const FileHandle& file, const Variable& variable,
                                     const hdf5::Extents& extents) {
  DatasetHandle dataset = create_array(file, variable, extents);
  describe(dataset, variable);
  return dataset;
}

void attach_scales(const std::map<std::string, DatasetHandle>& datasets,
                   const std::vector<Variable>& variables) {
  for (const Variable& variable : variables) {
    if (variable.is_scale()) continue;
    for (unsigned axis = 0; axis < variable.dimensions.size(); ++axis) {
      hdf5::attach_scale(datasets.at(variable.name), datasets.at(variable.dimensions[axis]), axis);
    }
  }
}

void write_coordinate(const hdf5::DatasetHandle& dataset, const Variable& variable, const Sweep& sweep,
                      const HeldUnits& units) {
  for_each_axis([&](const auto& axis) {
    if (variable.name == axis.name) write_axis(dataset, axis, sweep.grid);
  });
  const bool counts = variable.is_scale() &&
                      (variable.name == "batch" || variable.name == "unit" || variable.name == "replica");
  if (counts) hdf5::write_all(dataset, numbers_from(1, hdf5::extents(dataset)[0]));
  if (variable.is_scale() && variable.name == "point")
    hdf5::write_all(dataset, numbers_from(0, hdf5::extents(dataset)[0]));
  if (!units.whole() && variable.name == name_of_unit_points(sweep.grid))
    hdf5::write_all(dataset, point_indices(sweep, units));
  if (variable.name == "batch" && !counts) hdf5::write_all(dataset, batch_numbers(sweep, units));
  if (variable.name == "layer") hdf5::write_all(dataset, sweep.layers);
}

namespace {

/// Whether the file's points are listed: a shard has its units' points by another name then.
bool lists_points(const hdf5::FileHandle& file) {
  return hdf5::has_dataset(file, read_shard(file) ? "point_of_unit" : "point");
}

/// Slots follow the order of the list.
void require_order(const ListedPoints& stored, const Grid& grid) {
  bool in_order = !grid.is_product();
  std::size_t axis_number = 0;
  for_each_axis([&](const auto& axis) {
    const std::size_t place = axis_number++;
    for (std::size_t i = 0; in_order && i < stored.places.size(); ++i) {
      in_order = (stored.values.*axis.values)[stored.places[i][place]] ==
                 (grid.*axis.values)[grid.listed[static_cast<std::int64_t>(i)][place]];
    }
  });
  validate(in_order, "its points do not stand in the order of a list");
}

Grid read_listed_grid(const hdf5::FileHandle& file) {
  ListedPoints points;
  points.places.resize(hdf5::extents(hdf5::open_dataset(file, "point")).at(0));
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const std::size_t place = i++;
    const std::string name(axis.name);
    if (!is_first(axis) && !hdf5::has_dataset(file, name)) return;  // all of it at the default
    read_axis_along_points(hdf5::open_dataset(file, name), points.values.*axis.values, points.places, place);
  });
  Grid grid = grid_of(points);
  require_order(points, grid);
  return grid;
}

Grid read_product(const hdf5::FileHandle& file) {
  Grid grid;
  for_each_axis([&](const auto& axis) {
    const std::string name(axis.name);
    if (!is_first(axis) && !hdf5::has_dataset(file, name)) return;  // all of it at the default
    read_axis(hdf5::open_dataset(file, name), grid.*axis.values);
  });
  return grid;
}

}  // namespace

void read_coordinates(const hdf5::FileHandle& file, Sweep& sweep) {
  sweep.grid = lists_points(file) ? read_listed_grid(file) : read_product(file);
  sweep.layers = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, "layer"));
}

HeldUnits read_held_units(const hdf5::FileHandle& file, const Sweep& sweep) {
  const auto shard = read_shard(file);
  return shard ? HeldUnits(*shard, read_slots(file, sweep)) : HeldUnits(sweep);
}

std::vector<std::uint8_t> engine_flags_of(const Sweep& sweep) {
  std::vector<std::uint8_t> engines;
  const AxisSet alike = sweep.grid.is_product() ? all_but(engine_axes(sweep.grid)) : AxisSet{};
  sweep.grid_index().for_each_group(alike, [&](const GridIndices& at) {
    engines.push_back(static_cast<std::uint8_t>(resolve_engine(sweep.point(at), sweep.network)));
  });
  return engines;
}

std::vector<std::string> damaged_descriptions(const hdf5::FileHandle& file, const Sweep& sweep,
                                              const HeldUnits& units) {
  std::vector<std::string> damaged;
  const auto check_counter = [&](const char* name, std::int64_t length, std::int32_t first = 1) {
    const auto stored = hdf5::read_all<std::int32_t>(hdf5::open_dataset(file, name));
    if (stored != numbers_from(first, static_cast<std::uint64_t>(length))) damaged.emplace_back(name);
  };
  if (!sweep.grid.is_product()) check_counter("point", sweep.point_count(), 0);
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
