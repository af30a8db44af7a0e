// Numbers in a sweep file: alone, in lists, as ranges { from = 0.5, to = 4.0, count = 36 }, by name, by rule.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/network/axis.hpp"
#include "driver/sweep_file/rule.hpp"
#include "driver/sweep_file/setting.hpp"

namespace varprop::driver {

/// A number of an axis where it was written: itself, or the rule by which it follows from other axes.
struct AxisNumber {
  double value = 0;  ///< where there is no rule
  std::optional<Rule> rule;
  const toml::node* at = nullptr;
};

/// What the numbers of one axis may be, and what a name stands for.
struct NumberRules {
  Limits limits;
  std::vector<std::string> names;
  std::function<AxisNumber(const Setting& name)> number_of_name;  ///< called for names of `names` only

  /// "a finite number above 0, or a name (lecun, glorot)".
  std::string allowed() const;
};

/// A number alone. Refused unless it is finite and within the limits. −0 becomes 0.
double read_number(const Setting& setting, const Limits& limits);

/// A whole number alone. `limits` must be of whole numbers below 2⁵³.
std::int64_t read_whole_number(const Setting& setting, const Limits& limits);

/// The values of a numeric axis (a number, a name, a rule, a list of them, or a range) in the order written.
/// Refused: none at all, one outside the limits.
std::vector<AxisNumber> read_numbers(const Setting& setting, const NumberRules& rules);

/// Ascending, rules after numbers. Refused: one twice.
void sort_numbers(std::vector<AxisNumber>& numbers, const Setting& setting);

/// The evenly spaced values of a range, both ends included, each rounded to 12 significant decimal digits, so
/// that a range and the list that a person would type for it are the same numbers. `scale = "log"`: evenly
/// spaced logarithms.
std::vector<double> read_range(const Setting& setting);

/// The double nearest to x's first 12 significant decimal digits.
double rounded_to_12_digits(double x);

/// So many (at least 2) values from `from` to `to` < ∞, both included, evenly spaced and rounded in the same
/// way.
std::vector<double> evenly_spaced(double from, double to, std::int64_t count);

}  // namespace varprop::driver
