// What an axis of the grid is made of: named numbers, the limits of numbers, coordinates as text, and the
// lists of axes that points and grids follow (the axes themselves: core/network/axes.hpp).
#pragma once

#include <cmath>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "core/format_version.hpp"
#include "core/text/words.hpp"

namespace varprop {

/// A number with a name: a width cannot be passed where a depth is meant.
template <class Tag, class T>
class Strong {
 public:
  using value_type = T;

  constexpr Strong() = default;
  constexpr explicit Strong(T value) : value_(value) {}
  constexpr T value() const { return value_; }

  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

/// An interval, closed above, of real or of whole numbers.
struct Limits {
  double low = 0;
  bool low_included = true;
  double high = std::numeric_limits<double>::max();
  bool whole = false;

  bool contain(double x) const {
    return (low_included ? x >= low : x > low) && x <= high && (!whole || x == std::floor(x));
  }
};

/// "a whole number from 1 to 1048575", "a finite number above 0".
inline std::string text_of(const Limits& limits) {
  std::string text = limits.whole ? "a whole number" : "a finite number";
  if (limits.high == std::numeric_limits<double>::max()) {
    return text + (limits.low_included ? ", at least " : " above ") + shortest(limits.low);
  }
  if (!limits.low_included)
    return text + " above " + shortest(limits.low) + ", at most " + shortest(limits.high);
  return text + " from " + shortest(limits.low) + " to " +
         (limits.whole ? std::to_string(static_cast<std::int64_t>(limits.high)) : shortest(limits.high));
}

/// A coordinate that is a number; all others are words.
template <class T>
concept NumericCoordinate = requires(T x) {
  { x.value() } -> std::convertible_to<double>;
};

/// A coordinate as text: "tanh", "gaussian", "1.5", "64".
template <class T>
std::string coordinate_text(const T& x) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(word_of(x));
  } else if constexpr (!NumericCoordinate<T>) {
    return x.text();
  } else if constexpr (std::floating_point<typename T::value_type>) {
    return shortest(x.value());
  } else {
    return std::to_string(x.value());
  }
}

/// Declarations of axes, in the order of the grid's dimensions.
template <class... Axis>
struct AxisList {};

/// One list after another.
template <class... A>
constexpr AxisList<A...> joined(AxisList<A...> list) {
  return list;
}
template <class... A, class... B, class... Rest>
constexpr auto joined(AxisList<A...>, AxisList<B...>, Rest... rest) {
  return joined(AxisList<A..., B...>{}, rest...);
}

/// Whether an axis was there from the start: then it stands in every canonical text and in every file, also
/// at its default.
template <class Axis>
constexpr bool is_first(const Axis&) {
  return Axis::since == first_format;
}

template <class Axis>
bool at_default(const Axis&, const typename Axis::value_type& x) {
  return Axis::default_value && x == *Axis::default_value;
}

/// A coordinate that stands in no text and in no file: that of a newer axis at its default.
template <class Axis>
bool goes_without_saying(const Axis& axis, const typename Axis::value_type& x) {
  return !is_first(axis) && at_default(axis, x);
}

}  // namespace varprop
