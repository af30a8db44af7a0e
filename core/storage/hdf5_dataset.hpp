// Datasets: contiguous arrays that are allocated and filled when they are created, and their dimension
// scales.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/storage/hdf5_handle.hpp"
#include "core/storage/slot_boxes.hpp"

namespace varprop::hdf5 {

using Extents = std::vector<std::uint64_t>;

/// T is double, std::int32_t, std::uint8_t or std::string. The whole array is written with `fill` before this
/// returns.
template <class T>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents, T fill);
template <>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents,
                             std::string fill);

DatasetHandle open_dataset(const FileHandle& file, const std::string& name);

Extents extents(const DatasetHandle& dataset);
/// The first byte after the dataset's array in the file; 0 where the array has no place.
std::uint64_t end_in_file(const DatasetHandle& dataset);

/// A box of the array, row-major. T is double, std::int32_t or std::uint8_t; integers can be read as double.
template <class T>
void write_box(const DatasetHandle& dataset, const Box& box, std::span<const T> values);
template <class T>
void read_box(const DatasetHandle& dataset, const Box& box, std::span<T> values);

/// All of a one-dimensional dataset. T may be std::string too.
template <class T>
void write_all(const DatasetHandle& dataset, const std::vector<T>& values);
template <>
void write_all(const DatasetHandle& dataset, const std::vector<std::string>& values);
template <class T>
std::vector<T> read_all(const DatasetHandle& dataset);
template <>
std::vector<std::string> read_all(const DatasetHandle& dataset);

/// Makes a one-dimensional dataset the scale of the dimension of its name.
void make_scale(const DatasetHandle& dataset, const std::string& name);
/// Gives one dimension of a dataset its scale.
void attach_scale(const DatasetHandle& dataset, const DatasetHandle& scale, unsigned dimension);

}  // namespace varprop::hdf5
