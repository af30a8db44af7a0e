#include "driver/sweep_file/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "driver/sweep_file/range.hpp"

namespace varprop {

namespace {

/// A value of an axis and where it was written.
struct PlacedNumber {
  double value;
  const toml::node* at;
};

double checked(double value, const Setting& at, const Limits& limits, const std::string& allowed) {
  if (!limits.contain(value))
    at.refuse(fmt::format("{} is not allowed; allowed: {}.", typed_number(value), allowed));
  return value + 0.0;  // −0 becomes 0
}

double plain_number(const Setting& setting, const Limits& limits, const std::string& allowed) {
  const auto value = setting.node().is_number() ? setting.node().value<double>() : std::nullopt;
  if (!value) setting.refuse(fmt::format("{} is not a number; allowed: {}.", setting.shown(), allowed));
  return checked(*value, setting, limits, allowed);
}

double named_number(const Setting& setting, const NumberRules& rules) {
  const std::string name = setting.text(rules.allowed());
  if (std::find(rules.names.begin(), rules.names.end(), name) == rules.names.end()) {
    setting.refuse(fmt::format("unknown name \"{}\".{} Allowed: {}.", name, suggestion(name, rules.names),
                               rules.allowed()));
  }
  return rules.value_of_name(setting);
}

double number_or_name(const Setting& setting, const NumberRules& rules) {
  if (setting.node().is_string() && !rules.names.empty()) return named_number(setting, rules);
  return plain_number(setting, rules.limits, rules.allowed());
}

std::vector<PlacedNumber> list_or_range(const Setting& setting, const NumberRules& rules) {
  std::vector<PlacedNumber> numbers;
  if (const toml::array* list = setting.node().as_array()) {
    for (const toml::node& node : *list) {
      const Setting element = setting.part(node);
      numbers.push_back({number_or_name(element, rules), &node});
    }
  } else if (setting.node().is_table()) {
    const std::string allowed = rules.allowed();
    for (const double value : read_range(setting)) {
      numbers.push_back({checked(value, setting, rules.limits, allowed), &setting.node()});
    }
  } else {
    numbers.push_back({number_or_name(setting, rules), &setting.node()});
  }
  return numbers;
}

/// `numbers` ascending, equal ones in the order written.
void refuse_repeats(const std::vector<PlacedNumber>& numbers, const Setting& setting) {
  const auto equal = [](const PlacedNumber& a, const PlacedNumber& b) { return a.value == b.value; };
  const auto first = std::adjacent_find(numbers.begin(), numbers.end(), equal);
  if (first == numbers.end()) return;
  const Setting second = setting.part(*(first + 1)->at);
  const std::string as = second.node().is_string() ? " (as " + second.shown() + ")" : "";
  second.refuse(
      fmt::format("{}{} stands there twice; every value may stand once.", typed_number(first->value), as));
}

}  // namespace

std::string NumberRules::allowed() const {
  return names.empty() ? text_of(limits) : fmt::format("{}, or a name ({})", text_of(limits), join(names));
}

double read_number(const Setting& setting, const Limits& limits) {
  return plain_number(setting, limits, text_of(limits));
}

std::int64_t read_whole_number(const Setting& setting, const Limits& limits) {
  return static_cast<std::int64_t>(read_number(setting, limits));
}

std::vector<double> read_numbers(const Setting& setting, const NumberRules& rules) {
  auto numbers = list_or_range(setting, rules);
  if (numbers.empty()) setting.refuse("this axis has no values; at least one is needed.");
  std::stable_sort(numbers.begin(), numbers.end(),
                   [](const auto& a, const auto& b) { return a.value < b.value; });
  refuse_repeats(numbers, setting);
  std::vector<double> values;
  for (const PlacedNumber& number : numbers) values.push_back(number.value);
  return values;
}

}  // namespace varprop
