// The root attributes of a results file: its kind, its origin, and the settings of its sweep.
#pragma once

#include <optional>
#include <string>

#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

/// Conventions, filetype, format_version. Reading returns the version, and throws InputError where the file
/// is of another kind, or of a newer major version.
void write_format(const hdf5::FileHandle& file, const Sweep& sweep, const HeldUnits& units);
FormatVersion read_format(const hdf5::FileHandle& file);

/// Which shard of its sweep the file holds; nothing where it holds the whole sweep.
void write_shard(const hdf5::FileHandle& file, const HeldUnits& units);
std::optional<Shard> read_shard(const hdf5::FileHandle& file);

/// Identity, numerics version, and every setting that is not an axis of the grid.
void write_settings(const hdf5::FileHandle& file, const Sweep& sweep);
void read_settings(const hdf5::FileHandle& file, Sweep& sweep);

/// The version of its networks beyond the plain one, as its canonical text has it; nothing where it has none.
std::optional<int> read_networks_version(const hdf5::FileHandle& file);

/// Who made the file with what. No number depends on it.
void write_provenance(const hdf5::FileHandle& file, const Provenance& provenance);
Provenance read_provenance(const hdf5::FileHandle& file);

}  // namespace varprop
