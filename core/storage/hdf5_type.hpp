// Which HDF5 type a C++ number has, in memory and in the file.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>

#include "core/storage/hdf5_handle.hpp"

namespace varprop::hdf5 {

template <class T>
hid_t memory_type();
template <>
inline hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
inline hid_t memory_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
inline hid_t memory_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}

/// Files are little-endian on every machine.
template <class T>
hid_t file_type();
template <>
inline hid_t file_type<double>() {
  return H5T_IEEE_F64LE;
}
template <>
inline hid_t file_type<std::int32_t>() {
  return H5T_STD_I32LE;
}
template <>
inline hid_t file_type<std::uint8_t>() {
  return H5T_STD_U8LE;
}

/// Variable-length UTF-8, in memory and in the file: the only text that all readers but Octave take.
inline TypeHandle text_type() {
  TypeHandle type(check(H5Tcopy(H5T_C_S1), "create", "the text type"));
  check(H5Tset_size(type.id(), H5T_VARIABLE), "create", "the text type");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "create", "the text type");
  return type;
}

}  // namespace varprop::hdf5
