// The dimension scales of a results file: the grid, the batches, the recorded layers, the replicas.
#pragma once

#include "core/storage/hdf5_dataset.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

/// Fills the coordinate `variable`, already created as `dataset`.
void write_coordinate(const hdf5::DatasetHandle& dataset, const Variable& variable, const Sweep& sweep);

/// The grid and the recorded layers. Throws InputError for unknown words, SystemError where something is
/// missing.
void read_coordinates(const hdf5::FileHandle& file, Sweep& sweep);

/// The engine of every activation and weight distribution, row-major, as the dataset `engine` holds it; it depends
/// on no other axis.
std::vector<std::uint8_t> engine_flags_of(const Sweep& sweep);

/// Which of batch, replica and engine do not hold what the sweep says. All other coordinates are in the identity.
std::vector<std::string> damaged_descriptions(const hdf5::FileHandle& file, const Sweep& sweep);

}  // namespace varprop
