// Creating a results file: every array allocated and filled, every scale attached, then given its name.
#include <filesystem>
#include <map>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/described_array.hpp"
#include "core/storage/hdf5_dataset.hpp"
#include "core/storage/hdf5_file.hpp"
#include "core/storage/replacement.hpp"
#include "core/storage/results_attributes.hpp"
#include "core/storage/results_coordinates.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

namespace {

using hdf5::DatasetHandle;
using hdf5::FileHandle;

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
    DatasetHandle dataset = create_described_array(file, variable, extents(variable, lengths));
    write_coordinate(dataset, variable, sweep, units);
    if (variable.is_scale()) hdf5::make_scale(dataset, variable.name);
    datasets.emplace(variable.name, std::move(dataset));
    if (progress) progress((written += bytes(variable)) / total);
  }
  write_engines(datasets.at("engine"), sweep);
  return datasets;
}

/// Of a process that was killed, maybe another user's: written over it could not be, removed it may.
void remove_leftover(const std::filesystem::path& unfinished) {
  std::error_code error;
  std::filesystem::remove(unfinished, error);
  if (!error) return;
  throw SystemError("cannot remove the unfinished " + unfinished.string() + ", which belongs to " +
                    owner_of(unfinished) + ": " + error.message() + ".");
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
    remove_leftover(unfinished);
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
