// How a coordinate of the grid is stored: text, float64 or int32. R has no 64-bit integers, so a width is a
// float64.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "core/storage/results_schema.hpp"
#include "core/sweep/axes.hpp"

namespace varprop {

/// coordinate → what stands in the file
template <class T>
std::string stored(const T& word) {
  return coordinate_text(word);
}
template <class Tag>
double stored(Strong<Tag, double> x) {
  return x.value();
}
template <class Tag>
double stored(Strong<Tag, std::int64_t> n) {
  return static_cast<double>(n.value());
}
template <class Tag>
std::int32_t stored(Strong<Tag, std::int32_t> n) {
  return n.value();
}

template <class T>
using Stored = decltype(stored(std::declval<T>()));

/// what stands in the file → coordinate. Throws InputError for an unknown word.
template <class T>
T coordinate(const Stored<T>& x) {
  if constexpr (std::is_same_v<T, Activation>) {
    return Activation::parse(x);
  } else if constexpr (std::is_enum_v<T>) {
    return choice_of<T>(x);
  } else {
    return T(static_cast<typename T::value_type>(x));
  }
}

template <class S>
constexpr StoredType stored_type() {
  if constexpr (std::is_same_v<S, std::string>) return StoredType::text;
  if constexpr (std::is_same_v<S, double>) return StoredType::float64;
  return StoredType::int32;
}

}  // namespace varprop
