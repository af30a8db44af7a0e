// Attributes and datasets: numbers and texts in and out of HDF5.
#include <hdf5_hl.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/storage/hdf5.hpp"

namespace varprop::hdf5 {

namespace {

/// The HDF5 type of a C++ number, in memory and in the file.
template <class T>
hid_t memory_type();
template <>
hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t memory_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t memory_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}

/// Files are little-endian on every machine.
template <class T>
hid_t file_type();
template <>
hid_t file_type<double>() {
  return H5T_IEEE_F64LE;
}
template <>
hid_t file_type<std::int32_t>() {
  return H5T_STD_I32LE;
}
template <>
hid_t file_type<std::uint8_t>() {
  return H5T_STD_U8LE;
}

/// Variable-length UTF-8, in memory and in the file: the only text that all readers but Octave take.
TypeHandle text_type() {
  TypeHandle type(check(H5Tcopy(H5T_C_S1), "create", "the text type"));
  check(H5Tset_size(type.id(), H5T_VARIABLE), "create", "the text type");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "create", "the text type");
  return type;
}

void write(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type,
           const SpaceHandle& space, const void* value) {
  const AttributeHandle attribute(
      check(H5Acreate2(object, name.c_str(), file_type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
            "create the attribute", name));
  check(H5Awrite(attribute.id(), memory_type, value), "write the attribute", name);
}

SpaceHandle one() {
  return SpaceHandle(check(H5Screate(H5S_SCALAR), "create", "a data space"));
}

/// An attribute that holds one value of the wanted class.
AttributeHandle open(hid_t object, const std::string& name, H5T_class_t wanted) {
  AttributeHandle attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "find the attribute", name));
  const TypeHandle type(check(H5Aget_type(attribute.id()), "read the type of the attribute", name));
  const SpaceHandle space(check(H5Aget_space(attribute.id()), "read the size of the attribute", name));
  if (H5Tget_class(type.id()) != wanted || H5Sget_simple_extent_npoints(space.id()) != 1 ||
      (wanted == H5T_STRING && H5Tis_variable_str(type.id()) <= 0)) {
    throw SystemError("the attribute " + name + " has an unexpected type");
  }
  return attribute;
}

constexpr double bytes_of_a_text = 1000;  ///< that its way through the heap counts for

static_assert(sizeof(hsize_t) == sizeof(std::uint64_t));
const hsize_t* sizes(const std::vector<std::uint64_t>& extents) {
  return reinterpret_cast<const hsize_t*>(extents.data());
}

std::string name_of(hid_t object) {
  std::string name(256, '\0');
  const ssize_t length = H5Iget_name(object, name.data(), name.size());
  if (length <= 0) return "a dataset";
  name.resize(std::min(name.size() - 1, static_cast<std::size_t>(length)));
  return name.substr(name.find_first_not_of('/'));
}

/// Asking for the name comes after asking for the reason, which HDF5 forgets with its next call.
void check_transfer(herr_t status, std::string_view verb, const DatasetHandle& dataset) {
  if (status >= 0) return;
  const std::string why = reason();
  fail(verb, name_of(dataset.id()), why);
}

SpaceHandle array_space(const Extents& extents) {
  return SpaceHandle(check(H5Screate_simple(static_cast<int>(extents.size()), sizes(extents), nullptr),
                           "create", "a data space"));
}

/// Everything is allocated and filled at creation, so that later only raw data changes; no times, so that two
/// files of one sweep differ in their provenance only.
PropertiesHandle preallocated() {
  constexpr unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  PropertiesHandle properties(check(H5Pcreate(H5P_DATASET_CREATE), "create", "dataset properties"));
  const auto set = [](herr_t status) { check(status, "set", "dataset properties"); };
  set(H5Pset_layout(properties.id(), H5D_CONTIGUOUS));
  set(H5Pset_alloc_time(properties.id(), H5D_ALLOC_TIME_EARLY));
  set(H5Pset_fill_time(properties.id(), H5D_FILL_TIME_ALLOC));
  set(H5Pset_attr_creation_order(properties.id(), order));
  set(H5Pset_obj_track_times(properties.id(), false));
  return properties;
}

DatasetHandle create(const FileHandle& file, const std::string& name, hid_t type, const Extents& extents,
                     const PropertiesHandle& properties) {
  return DatasetHandle(check(H5Dcreate2(file.id(), name.c_str(), type, array_space(extents).id(), H5P_DEFAULT,
                                        properties.id(), H5P_DEFAULT),
                             "create the dataset", name));
}

/// The dataset's space with only the box selected.
SpaceHandle selection(const DatasetHandle& dataset, const Box& box) {
  SpaceHandle space(check(H5Dget_space(dataset.id()), "read", "the size of a dataset"));
  VARPROP_EXPECT(H5Sget_simple_extent_ndims(space.id()) == static_cast<int>(box.start.size()));
  check(
      H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, sizes(box.start), nullptr, sizes(box.length), nullptr),
      "select", "a part of a dataset");
  return space;
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, const std::string& text) {
  const TypeHandle type = text_type();
  const char* const value = text.c_str();
  write(object, name, type.id(), type.id(), one(), &value);
}

template <class T>
requires std::is_arithmetic_v<T>
void write_attribute(hid_t object, const std::string& name, T number) {
  write(object, name, file_type<T>(), memory_type<T>(), one(), &number);
}
template void write_attribute(hid_t, const std::string&, double);
template void write_attribute(hid_t, const std::string&, std::int32_t);
template void write_attribute(hid_t, const std::string&, std::uint8_t);

void write_attribute(hid_t object, const std::string& name, std::span<const std::uint8_t> numbers) {
  const hsize_t length = numbers.size();
  const SpaceHandle space(check(H5Screate_simple(1, &length, nullptr), "create", "a data space"));
  write(object, name, file_type<std::uint8_t>(), memory_type<std::uint8_t>(), space, numbers.data());
}

std::string read_text_attribute(hid_t object, const std::string& name) {
  const TimedCall timed;
  const AttributeHandle attribute = open(object, name, H5T_STRING);
  char* text = nullptr;
  check(H5Aread(attribute.id(), text_type().id(), &text), "read the attribute", name);
  const std::string copy = text != nullptr ? text : "";
  H5free_memory(text);
  return copy;
}

template <class T>
T read_attribute(hid_t object, const std::string& name) {
  const TimedCall timed;
  const AttributeHandle attribute = open(object, name, std::is_integral_v<T> ? H5T_INTEGER : H5T_FLOAT);
  T number{};
  check(H5Aread(attribute.id(), memory_type<T>(), &number), "read the attribute", name);
  return number;
}
template double read_attribute(hid_t, const std::string&);
template std::int32_t read_attribute(hid_t, const std::string&);

bool has_attribute(hid_t object, const std::string& name) {
  const TimedCall timed;
  return check(H5Aexists(object, name.c_str()), "look for the attribute", name) > 0;
}

template <class T>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents,
                             T fill) {
  const PropertiesHandle properties = preallocated();
  check(H5Pset_fill_value(properties.id(), memory_type<T>(), &fill), "set the fill value of", name);
  return create(file, name, file_type<T>(), extents, properties);
}
template DatasetHandle create_dataset(const FileHandle&, const std::string&, const Extents&, double);
template DatasetHandle create_dataset(const FileHandle&, const std::string&, const Extents&, std::int32_t);
template DatasetHandle create_dataset(const FileHandle&, const std::string&, const Extents&, std::uint8_t);
template <>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents,
                             std::string) {
  return create(file, name, text_type().id(), extents, preallocated());
}

bool has_dataset(const FileHandle& file, const std::string& name) {
  const TimedCall timed;
  return check(H5Lexists(file.id(), name.c_str(), H5P_DEFAULT), "look for the dataset", name) > 0;
}

DatasetHandle open_dataset(const FileHandle& file, const std::string& name) {
  const TimedCall timed;
  return DatasetHandle(check(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), "open the dataset", name));
}

Extents extents(const DatasetHandle& dataset) {
  const TimedCall timed;
  const SpaceHandle space(check(H5Dget_space(dataset.id()), "read", "the size of a dataset"));
  const int rank = check(H5Sget_simple_extent_ndims(space.id()), "read", "the dimensions of a dataset");
  std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr), "read",
        "the dimensions of a dataset");
  return {lengths.begin(), lengths.end()};
}

std::uint64_t end_in_file(const DatasetHandle& dataset) {
  const haddr_t offset = H5Dget_offset(dataset.id());
  return offset == HADDR_UNDEF ? 0 : offset + H5Dget_storage_size(dataset.id());
}

template <class T>
void write_box(const DatasetHandle& dataset, const Box& box, std::span<const T> values) {
  VARPROP_EXPECT(values.size() == box.size());
  const SpaceHandle space = selection(dataset, box);
  const SpaceHandle memory = array_space({values.size()});
  check_transfer(
      H5Dwrite(dataset.id(), memory_type<T>(), memory.id(), space.id(), H5P_DEFAULT, values.data()), "write",
      dataset);
}
template void write_box(const DatasetHandle&, const Box&, std::span<const double>);
template void write_box(const DatasetHandle&, const Box&, std::span<const std::int32_t>);
template void write_box(const DatasetHandle&, const Box&, std::span<const std::uint8_t>);

template <class T>
void read_box(const DatasetHandle& dataset, const Box& box, std::span<T> values) {
  VARPROP_EXPECT(values.size() == box.size());
  const SpaceHandle space = selection(dataset, box);
  const SpaceHandle memory = array_space({values.size()});
  const TimedCall timed(static_cast<double>(values.size_bytes()));
  check_transfer(H5Dread(dataset.id(), memory_type<T>(), memory.id(), space.id(), H5P_DEFAULT, values.data()),
                 "read", dataset);
}
template void read_box(const DatasetHandle&, const Box&, std::span<double>);
template void read_box(const DatasetHandle&, const Box&, std::span<std::int32_t>);
template void read_box(const DatasetHandle&, const Box&, std::span<std::uint8_t>);

template <class T>
void write_all(const DatasetHandle& dataset, const std::vector<T>& values) {
  write_box<T>(dataset, {{0}, {values.size()}}, values);
}
template void write_all(const DatasetHandle&, const std::vector<double>&);
template void write_all(const DatasetHandle&, const std::vector<std::int32_t>&);
template <>
void write_all(const DatasetHandle& dataset, const std::vector<std::string>& values) {
  std::vector<const char*> texts;
  for (const auto& value : values) texts.push_back(value.c_str());
  check_transfer(H5Dwrite(dataset.id(), text_type().id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()),
                 "write", dataset);
}

template <class T>
std::vector<T> read_all(const DatasetHandle& dataset) {
  const Extents shape = extents(dataset);
  std::vector<T> values(Box{Extents(shape.size(), 0), shape}.size());
  read_box<T>(dataset, {Extents(shape.size(), 0), shape}, values);
  return values;
}
template std::vector<double> read_all(const DatasetHandle&);
template std::vector<std::int32_t> read_all(const DatasetHandle&);
template std::vector<std::uint8_t> read_all(const DatasetHandle&);
template <>
std::vector<std::string> read_all(const DatasetHandle& dataset) {
  const SpaceHandle space = array_space({extents(dataset).at(0)});
  std::vector<char*> texts(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.id())));
  const TypeHandle type = text_type();
  const TimedCall timed(bytes_of_a_text * static_cast<double>(texts.size()));
  check_transfer(H5Dread(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), "read",
                 dataset);
  std::vector<std::string> values;
  for (const char* text : texts) values.emplace_back(text != nullptr ? text : "");
  check(H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, texts.data()), "release", "text");
  return values;
}

void make_scale(const DatasetHandle& dataset, const std::string& name) {
  check(H5DSset_scale(dataset.id(), name.c_str()), "make a dimension scale of", name);
}

void attach_scale(const DatasetHandle& dataset, const DatasetHandle& scale, unsigned dimension) {
  check_transfer(H5DSattach_scale(dataset.id(), scale.id(), dimension), "attach a scale to", dataset);
}

}  // namespace varprop::hdf5
