// Creating a results file: every array allocated and filled, every scale attached, then given its name. And
// opening one: is it one, is it whole, and which sweep does it belong to?
#include "core/storage/results_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <new>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/hdf5_watchdog.hpp"
#include "core/storage/replacement.hpp"
#include "core/storage/results_arrays.hpp"
#include "core/storage/results_implementation.hpp"
#include "core/storage/results_metadata.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

namespace {

using hdf5::DatasetHandle;
using hdf5::FileHandle;

/// The file, and what HDF5 would say in many words: no such file, no permission, no HDF5 file.
FileDescriptor open_descriptor(const std::filesystem::path& path, hdf5::Access access) {
  const int flags = access == hdf5::Access::write ? O_RDWR : O_RDONLY;
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK));  // a pipe must not hold us up
  validate(file || errno != ENOENT, fmt::format("there is no file {}.", path.string()));
  if (!file && kind_of_no_file(path).empty())
    throw SystemError(fmt::format("cannot open {}: {}.", path.string(), system_reason()));
  static constexpr std::array<unsigned char, 8> signature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  std::array<unsigned char, 8> begin{};
  const bool whole = ::pread(file.get(), begin.data(), begin.size(), 0) == static_cast<ssize_t>(begin.size());
  validate(whole && begin == signature,
           fmt::format("{} is not an HDF5 file, let alone a results file.", path.string()));
  return file;
}

Sweep read_sweep(const FileHandle& file) {
  Sweep sweep;
  sweep.format =
      std::min(read_format(file), newest_format());  // what is newer still, this program cannot write
  read_settings(file, sweep);
  read_coordinates(file, sweep);
  const auto networks = read_networks_version(file);
  if (networks && *networks != networks_version(sweep)) sweep.other_networks_version = networks;
  return sweep;
}

/// Every dataset that the sweep asks for must be there, in its full size, within the file.
void require_whole(const FileHandle& file, const Sweep& sweep, const HeldUnits& units,
                   std::uint64_t file_size) {
  const auto lengths = dimensions(sweep, units);
  for (const Variable& variable : variables(sweep, units)) {
    const DatasetHandle dataset = hdf5::open_dataset(file, variable.name);
    validate(hdf5::extents(dataset) == extents(variable, lengths),
             fmt::format("the dataset {} does not have the size of its dimensions", variable.name));
    const std::uint64_t end = hdf5::end_in_file(dataset);
    validate(end > 0 && end <= file_size, fmt::format("it is truncated: {} needs {} bytes, the file has {}",
                                                      variable.name, end, file_size));
  }
}

void require_identity(const Sweep& sweep, const std::string& stored, int version) {
  const std::string found = identity(sweep, version);
  validate(
      found == stored,
      fmt::format(
          "its identity is {}, but its settings and coordinates give {}: it was changed after its creation, "
          "or written by a newer varprop",
          stored, found));
}

ResultsFile::Implementation open(const std::filesystem::path& path, hdf5::Access access) {
  FileHandle file = hdf5::open_file(path, access);
  Sweep sweep = read_sweep(file);
  const std::string identity = hdf5::read_text_attribute(file.id(), "identity");
  const int version = hdf5::read_attribute<std::int32_t>(file.id(), "numerics_version");
  require_identity(sweep, identity, version);
  HeldUnits units = read_held_units(file, sweep);
  const auto size = std::filesystem::file_size(path);
  require_whole(file, sweep, units, size);
  RecordLayout layout(sweep);
  std::vector<DatasetHandle> rows;
  for (const Dataset& dataset : layout.datasets()) rows.push_back(hdf5::open_dataset(file, dataset.name));
  DatasetHandle state = hdf5::open_dataset(file, "state");
  DatasetHandle wall_seconds = hdf5::open_dataset(file, "wall_seconds");
  return {path,
          std::move(file),
          std::move(sweep),
          std::move(units),
          identity,
          version,
          static_cast<std::int64_t>(size),
          std::move(layout),
          std::move(state),
          std::move(wall_seconds),
          std::move(rows)};
}

void write_engines(const DatasetHandle& dataset, const Sweep& sweep) {
  const hdf5::Extents shape = hdf5::extents(dataset);
  hdf5::write_box<std::uint8_t>(dataset, {hdf5::Extents(shape.size(), 0), shape}, engine_flags_of(sweep));
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
    write_format(file, sweep, units);
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
  const std::filesystem::path unfinished = creating_path(path), final_path = resolved_path(path);
  const bool replaces = std::filesystem::exists(final_path);
  try {
    remove_leftover(unfinished);
    write_file(unfinished, sweep, units, provenance, progress);
    if (fill) {
      ResultsFile file(unfinished, Access::write);
      fill(file);
    }
    durable_rename(unfinished, final_path, replaces ? Namesake::replaced : Namesake::kept);
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

ResultsFile::ResultsFile(const std::filesystem::path& path, Access access) {
  const auto wanted = access == Access::write ? hdf5::Access::write : hdf5::Access::read;
  FileDescriptor own_descriptor = open_descriptor(path, wanted);
  const ResultsLock lock = access == Access::write ? ResultsLock(own_descriptor, path) : ResultsLock();
  const hdf5::WatchedFile watched(path);
  try {
    implementation_ = std::make_unique<Implementation>(open(path, wanted));
    implementation_->own_descriptor = std::move(own_descriptor);
    implementation_->lock = lock;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{} cannot be used as a results file: {}.", path.string(), error.what()));
  } catch (const SystemError& error) {
    throw InputError(
        fmt::format("{} is damaged, truncated or no results file: {}.", path.string(), error.what()));
  }
}

ResultsFile::~ResultsFile() {
  if (!implementation_) return;
  try {
    const hdf5::WatchedFile watched(path());
    const hdf5::TimedCall timed;
    implementation_.reset();
  } catch (const std::bad_alloc&) {
    // it is closed unwatched
  }
}

ResultsFile::ResultsFile(ResultsFile&&) noexcept = default;
ResultsFile& ResultsFile::operator=(ResultsFile&&) noexcept = default;

const std::filesystem::path& ResultsFile::path() const {
  return implementation_->path;
}
const Sweep& ResultsFile::sweep() const {
  return implementation_->sweep;
}
const HeldUnits& ResultsFile::units() const {
  return implementation_->units;
}
const std::string& ResultsFile::identity() const {
  return implementation_->identity;
}
int ResultsFile::numerics_version() const {
  return implementation_->numerics_version;
}
Provenance ResultsFile::provenance() const {
  const hdf5::WatchedFile watched(path());
  try {
    return read_provenance(implementation_->file);
  } catch (const SystemError& error) {
    throw InputError(fmt::format("{} is damaged: {}.", path().string(), error.what()));
  }
}

}  // namespace varprop
