// Root datasets as their schema describes them: allocated, filled, with attributes and dimension scales.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/storage/hdf5_dataset.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

/// Creates the array of a variable, full of its fill, with long_name, units, _FillValue and flags.
hdf5::DatasetHandle create_described_array(const hdf5::FileHandle& file, const Variable& variable,
                                           const hdf5::Extents& extents);

/// Gives every axis of every dataset that is no scale itself its one scale.
void attach_scales(const std::map<std::string, hdf5::DatasetHandle>& datasets,
                   const std::vector<Variable>& variables);

}  // namespace varprop
