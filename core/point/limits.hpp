// The numbers that each coordinate of a point may be.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "core/point/point.hpp"
#include "core/text.hpp"

namespace varprop {

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
  return text + " from " + shortest(limits.low) + " to " +
         std::to_string(static_cast<std::int64_t>(limits.high));
}

/// Specialised for every numeric coordinate.
template <class T>
inline constexpr Limits limits_of = T::limits_are_not_declared;
template <>
inline constexpr Limits limits_of<WeightVariance>{.low_included = false};
template <>
inline constexpr Limits limits_of<BiasVariance>{};
template <>
inline constexpr Limits limits_of<Width>{.low = 1, .high = static_cast<double>(largest_width), .whole = true};
template <>
inline constexpr Limits limits_of<Depth>{.low = 1, .high = largest_depth, .whole = true};

}  // namespace varprop
