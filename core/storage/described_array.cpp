#include "core/storage/described_array.hpp"

#include "core/storage/hdf5_attribute.hpp"
#include "core/text.hpp"

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

}  // namespace varprop
