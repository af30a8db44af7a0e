#include "core/storage/results_schema.hpp"

#include <algorithm>
#include <limits>

#include "core/sweep/record.hpp"

namespace varprop {

namespace {

std::vector<std::string> axis_names(const AxisSet& along) {
  std::vector<std::string> names;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    if (along[i++]) names.emplace_back(axis.name);
  });
  return names;
}

constexpr const char* point_dimension = "point";

/// The dimensions that a unit's slot is found along.
std::vector<std::string> unit_dimensions(const Grid& grid, const HeldUnits& units) {
  if (!units.whole()) return {"unit"};
  std::vector<std::string> names = grid_dimensions(grid);
  names.emplace_back("batch");
  return names;
}

Variable counter(const char* name, const char* long_name) {
  return {name, StoredType::int32, {name}, "1", long_name, 0, false, {}};
}

/// Which unit a slot belongs to.
std::vector<Variable> unit_coordinates(const Grid& grid, const HeldUnits& units) {
  Variable batch = counter("batch", "number of the batch, the unit of work, within its point");
  if (units.whole()) return {batch};
  batch.dimensions = {"unit"};
  return {
      counter("unit", "number of the unit within this file"),
      {std::string(name_of_unit_points(grid)),
       StoredType::float64,
       {"unit"},
       "1",
       grid.is_product() ? "index of the unit's point in the grid: row-major, the last axis fastest, from 0"
                         : "index of the unit's point in the list, from 0",
       0,
       false,
       {}},
      batch};
}

std::vector<Variable> coordinates(const Grid& grid, const HeldUnits& units) {
  std::vector<Variable> all = grid_coordinates(grid);
  for (Variable& variable : unit_coordinates(grid, units)) all.push_back(std::move(variable));
  all.push_back(layer_coordinate());
  all.push_back(counter("replica", "number of the network within its batch"));
  return all;
}

/// Of a coordinate, as core/storage/results_arrays.cpp writes it.
template <class T>
constexpr StoredType stored_type() {
  if constexpr (!NumericCoordinate<T>)
    return StoredType::text;
  else
    return std::is_same_v<typename T::value_type, std::int32_t> ? StoredType::int32 : StoredType::float64;
}

std::vector<std::string> engine_dimensions(const Grid& grid) {
  return grid.is_product() ? axis_names(engine_axes(grid)) : grid_dimensions(grid);
}

std::vector<Flag> engine_flags() {
  std::vector<Flag> flags;
  for (const auto& [engine, word] : EnumWords<Engine>::words) {
    if (engine != Engine::automatic) flags.push_back({static_cast<std::uint8_t>(engine), std::string(word)});
  }
  return flags;
}

std::vector<Variable> bookkeeping(const Grid& grid, const HeldUnits& units) {
  const std::vector<Flag> states{{static_cast<std::uint8_t>(UnitState::pending), "pending"},
                                 {static_cast<std::uint8_t>(UnitState::done), "done"},
                                 {static_cast<std::uint8_t>(UnitState::failed), "failed"}};
  return {
      {"state", StoredType::uint8, unit_dimensions(grid, units), "", "state of the unit", 0, false, states},
      {"engine", StoredType::uint8, engine_dimensions(grid), "", "engine that simulates the points", 0, false,
       engine_flags()},
      {"wall_seconds",
       StoredType::float64,
       unit_dimensions(grid, units),
       "s",
       "time the unit took on one core",
       fill_value(Element::float64),
       true,
       {}}};
}

Variable result(const Dataset& dataset, const Grid& grid, const HeldUnits& units) {
  std::vector<std::string> along = unit_dimensions(grid, units);
  along.emplace_back(dataset.row_axis == RowAxis::layer ? "layer" : "replica");
  const bool whole = dataset.element == Element::int32;
  return {dataset.name,
          whole ? StoredType::int32 : StoredType::float64,
          std::move(along),
          "1",
          dataset.long_name,
          fill_value(dataset.element),
          true,
          {}};
}

}  // namespace

std::string coordinate_names(const Grid& grid) {
  return grid.is_product() ? "" : join(axis_names(file_axes(grid)), " ");
}

std::string_view name_of_unit_points(const Grid& grid) {
  return grid.is_product() ? point_dimension : "point_of_unit";
}

std::vector<std::string> grid_dimensions(const Grid& grid) {
  return grid.is_product() ? axis_names(file_axes(grid)) : std::vector<std::string>{point_dimension};
}

std::vector<Variable> grid_coordinates(const Grid& grid) {
  std::vector<Variable> all;
  if (!grid.is_product()) all.push_back(counter(point_dimension, "index of the point in the list, from 0"));
  for_each_axis([&](const auto& axis) {
    if (!is_dimension(axis, grid)) return;
    const StoredType type = stored_type<typename std::remove_cvref_t<decltype(axis)>::value_type>();
    const std::string name(axis.name), along = grid.is_product() ? name : point_dimension;
    all.push_back(
        {name, type, {along}, type == StoredType::text ? "" : "1", std::string(axis.meaning), 0, false, {}});
  });
  return all;
}

Variable layer_coordinate() {
  return counter("layer", "number of the recorded layer, counted from the input");
}

std::vector<std::uint64_t> grid_extents(const Grid& grid) {
  if (!grid.is_product()) return {static_cast<std::uint64_t>(grid.point_count())};
  std::vector<std::uint64_t> lengths;
  for_each_axis([&](const auto& axis) {
    if (is_dimension(axis, grid)) lengths.push_back((grid.*axis.values).size());
  });
  return lengths;
}

FormatVersion format_of(const Grid& grid, FormatVersion oldest) {
  FormatVersion format = grid.is_product() ? oldest : std::max(oldest, format_of_networks);
  for_each_axis([&](const auto& axis) {
    if (is_dimension(axis, grid)) format = std::max(format, axis.since);
  });
  return format;
}

FormatVersion format_of(const Sweep& sweep) {
  FormatVersion format = format_of(sweep.grid, sweep.format);
  for (const Quantity quantity : sweep.measures) format = std::max(format, measure_of(quantity).since);
  return format;
}

FormatVersion newest_format() {
  FormatVersion format = format_version;
  for_each_axis([&](const auto& axis) { format = std::max(format, axis.since); });
  for (const Measure& measure : all_measures) format = std::max(format, newest_dataset_of(measure));
  return format;
}

std::vector<Dimension> dimensions(const Sweep& sweep, const HeldUnits& units) {
  std::vector<Dimension> all;
  const auto names = grid_dimensions(sweep.grid);
  const auto lengths = grid_extents(sweep.grid);
  for (std::size_t i = 0; i < names.size(); ++i) all.push_back({names[i], lengths[i]});
  all.push_back(units.whole() ? Dimension{"batch", static_cast<std::uint64_t>(sweep.batches)}
                              : Dimension{"unit", static_cast<std::uint64_t>(units.count())});
  all.push_back({"layer", sweep.layers.size()});
  all.push_back({"replica", static_cast<std::uint64_t>(sweep.replicas_per_batch())});
  return all;
}

std::vector<Variable> variables(const Sweep& sweep, const HeldUnits& units) {
  std::vector<Variable> all = coordinates(sweep.grid, units);
  for (Variable& variable : bookkeeping(sweep.grid, units)) all.push_back(std::move(variable));
  for (const Dataset& dataset : datasets(sweep)) all.push_back(result(dataset, sweep.grid, units));
  std::stable_partition(all.begin(), all.end(), [](const Variable& v) { return v.type != StoredType::text; });
  return all;
}

std::vector<std::uint64_t> extents(const Variable& variable, const std::vector<Dimension>& dimensions) {
  std::vector<std::uint64_t> lengths;
  for (const std::string& name : variable.dimensions) {
    lengths.push_back(std::find_if(dimensions.begin(), dimensions.end(), [&](const Dimension& d) {
                        return d.name == name;
                      })->length);
  }
  return lengths;
}

std::uint64_t bytes_of(StoredType type) {
  switch (type) {
    case StoredType::float64:
      return 8;
    case StoredType::int32:
      return 4;
    case StoredType::uint8:
      return 1;
    case StoredType::text:
      return 16;  // a reference; the text itself is elsewhere
  }
  return 0;
}

}  // namespace varprop
