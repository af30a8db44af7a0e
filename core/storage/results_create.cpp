// Creating a results file: every array allocated and filled, every scale attached, then given its name.
#include <filesystem>
#include <map>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/durable_rename.hpp"
#include "core/storage/hdf5_attribute.hpp"
#include "core/storage/hdf5_dataset.hpp"
#include "core/storage/hdf5_file.hpp"
#include "core/storage/results_attributes.hpp"
#include "core/storage/results_coordinates.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/results_schema.hpp"

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

void write_engines(const DatasetHandle& dataset, const Sweep& sweep) {
  hdf5::write_box<std::uint8_t>(dataset, {{0, 0}, {sweep.grid.activation.size(), sweep.grid.weights.size()}},
                                engine_flags_of(sweep));
}

using Datasets = std::map<std::string, DatasetHandle>;

Datasets create_arrays(const FileHandle& file, const Sweep& sweep, const HeldUnits& units,
                       const std::function<void(double)>& progress) {
  const auto lengths = dimensions(sweep, units);
  const auto all = variables(sweep, units);
  const auto bytes = [&](const Variable& variable) {
    double product = static_cast<double>(bytes_of(variable.type));
    for (const auto length : extents(variable, lengths)) product *= static_cast<double>(length);
    return product;
  };
  double total = 0, written = 0;
  for (const Variable& variable : all) total += bytes(variable);
  Datasets datasets;
  for (const Variable& variable : all) {
    DatasetHandle dataset = create_array(file, variable, extents(variable, lengths));
    describe(dataset, variable);
    write_coordinate(dataset, variable, sweep, units);
    if (variable.is_scale()) hdf5::make_scale(dataset, variable.name);
    datasets.emplace(variable.name, std::move(dataset));
    if (progress) progress((written += bytes(variable)) / total);
  }
  write_engines(datasets.at("engine"), sweep);
  return datasets;
}

/// One scale on every axis of every dataset that is no scale itself.
void attach_scales(const Datasets& datasets, const std::vector<Variable>& variables) {
  for (const Variable& variable : variables) {
    if (variable.is_scale()) continue;
    for (unsigned axis = 0; axis < variable.dimensions.size(); ++axis) {
      hdf5::attach_scale(datasets.at(variable.name), datasets.at(variable.dimensions[axis]), axis);
    }
  }
}

void write_file(const std::filesystem::path& path, const Sweep& sweep, const HeldUnits& units,
                const Provenance& provenance, const std::function<void(double)>& progress) {
  FileHandle file = hdf5::create_file(path);
  try {
    write_format(file, units);
    write_settings(file, sweep);
    write_shard(file, units);
    write_provenance(file, provenance);
    attach_scales(create_arrays(file, sweep, units, progress), variables(sweep, units));
    hdf5::reserve_space(file);
    hdf5::flush_to_disk(file);
  } catch (...) {
    hdf5::abandon(std::move(file));
    throw;
  }
  file.close(path.string());
}

}  // namespace

void ResultsFile::create(const std::filesystem::path& path, const Sweep& sweep, const Provenance& provenance,
                         const std::function<void(double)>& progress) {
  create(path, sweep, HeldUnits(sweep), provenance, progress);
}

void ResultsFile::create(const std::filesystem::path& path, const Sweep& sweep, const HeldUnits& units,
                         const Provenance& provenance, const std::function<void(double)>& progress,
                         const std::function<void(ResultsFile&)>& fill) {
  const std::filesystem::path unfinished = creating_path(path);
  try {
    write_file(unfinished, sweep, units, provenance, progress);
    if (fill) {
      ResultsFile file(unfinished, Access::write);
      fill(file);
    }
    durable_rename(unfinished, resolved_path(path));
  } catch (const SystemError& error) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw SystemError("cannot create " + path.string() + ": " + error.what());
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw;
  }
}

}  // namespace varprop
