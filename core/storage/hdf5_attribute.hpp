// Attributes of an HDF5 file or dataset: text, one number, a few small numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "core/storage/hdf5_handle.hpp"

namespace varprop::hdf5 {

void write_attribute(hid_t object, const std::string& name, const std::string& text);
/// T is double, std::int32_t or std::uint8_t.
template <class T>
requires std::is_arithmetic_v<T>
void write_attribute(hid_t object, const std::string& name, T number);
void write_attribute(hid_t object, const std::string& name, std::span<const std::uint8_t> numbers);

/// Throw SystemError where there is no such attribute or it has another type.
std::string read_text_attribute(hid_t object, const std::string& name);
/// T is double or std::int32_t.
template <class T>
T read_attribute(hid_t object, const std::string& name);

bool has_attribute(hid_t object, const std::string& name);

}  // namespace varprop::hdf5
