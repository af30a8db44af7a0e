// Numbers in a sweep file: alone, in lists, as ranges, by name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/point/limits.hpp"
#include "driver/sweep_file/setting.hpp"

namespace varprop {

/// What the numbers of one axis may be, and the number that a name stands for.
struct NumberRules {
  Limits limits;
  std::vector<std::string> names;
  std::function<double(const Setting& name)> value_of_name;  ///< called for names of `names` only

  /// "a finite number above 0, or one of the names lecun, glorot".
  std::string allowed() const;
};

/// A number alone. Refused unless it is finite and within the limits. −0 becomes 0.
double read_number(const Setting& setting, const Limits& limits);

/// A whole number alone. `limits` must be of whole numbers below 2⁵³.
std::int64_t read_whole_number(const Setting& setting, const Limits& limits);

/// The values of a numeric axis (a number, a name, a list of both, or a range), ascending. Refused: none at
/// all, one twice, one outside the limits.
std::vector<double> read_numbers(const Setting& setting, const NumberRules& rules);

}  // namespace varprop
