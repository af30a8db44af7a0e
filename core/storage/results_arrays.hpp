// The root datasets of a file as their schema describes them, and the coordinates among them: the grid, the
// units, the recorded layers, the replicas.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/storage/hdf5.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

/// Creates the array of a variable, full of its fill, with long_name, units, _FillValue and flags.
hdf5::DatasetHandle create_described_array(const hdf5::FileHandle& file, const Variable& variable,
                                           const hdf5::Extents& extents);

/// Gives every axis of every dataset that is no scale itself its one scale.
void attach_scales(const std::map<std::string, hdf5::DatasetHandle>& datasets,
                   const std::vector<Variable>& variables);

/// Fills the coordinate `variable`, already created as `dataset`; nothing where it is no coordinate.
void write_coordinate(const hdf5::DatasetHandle& dataset, const Variable& variable, const Sweep& sweep,
                      const HeldUnits& units);

/// The grid and the recorded layers. Throws InputError for unknown words, SystemError where something is
/// missing.
void read_coordinates(const hdf5::FileHandle& file, Sweep& sweep);

/// The units of the file, whose sweep is known. Throws as read_coordinates does, and InputError where a unit
/// is none of the sweep's or stands out of order.
HeldUnits read_held_units(const hdf5::FileHandle& file, const Sweep& sweep);

/// The engine of the points, row-major along engine_axes(), as the dataset `engine` holds it.
std::vector<std::uint8_t> engine_flags_of(const Sweep& sweep);

/// Which of batch (of a shard: unit), replica and engine do not hold what the sweep says. All other
/// coordinates are in the identity, and read_held_units checks which units a shard names.
std::vector<std::string> damaged_descriptions(const hdf5::FileHandle& file, const Sweep& sweep,
                                              const HeldUnits& units);

}  // namespace varprop
