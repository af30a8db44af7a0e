#include "core/storage/hdf5_attribute.hpp"

#include "core/errors.hpp"
#include "core/storage/hdf5_type.hpp"
#include "core/storage/hdf5_watchdog.hpp"

namespace varprop::hdf5 {

namespace {

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

}  // namespace varprop::hdf5
