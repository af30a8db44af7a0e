#include "driver/sweep_file/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/network/initializers.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

/// How a range's values are spaced.
enum class Scale { linear, log };

}  // namespace varprop::driver

namespace varprop {

template <>
struct EnumWords<driver::Scale> {
  static constexpr std::string_view noun = "scale";
  static constexpr std::array words{std::pair{driver::Scale::linear, std::string_view("linear")},
                                    std::pair{driver::Scale::log, std::string_view("log")}};
};

}  // namespace varprop

namespace varprop::driver {

namespace {

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

/// A name, or a rule.
AxisNumber number_of_text(const Setting& setting, const NumberRules& rules) {
  const std::string text = setting.text(rules.allowed());
  if (std::find(rules.names.begin(), rules.names.end(), text) != rules.names.end())
    return rules.number_of_name(setting);
  const auto ours = rules.names.empty() ? std::nullopt : initializer_in_our_words(text);
  if (ours) setting.refuse(*ours);
  if (!looks_like_rule(text)) {
    if (rules.names.empty())
      setting.refuse(fmt::format("{} is not a number; allowed: {}.", setting.shown(), rules.allowed()));
    setting.refuse(fmt::format("unknown name \"{}\".{} Allowed: {}.", text, suggestion(text, rules.names),
                               rules.allowed()));
  }
  try {
    return {0, Rule::parse(text), &setting.node()};
  } catch (const InputError& error) {
    setting.refuse(error.what());
  }
}

AxisNumber one_number(const Setting& setting, const NumberRules& rules) {
  if (setting.node().is_string()) return number_of_text(setting, rules);
  return {plain_number(setting, rules.limits, rules.allowed()), std::nullopt, &setting.node()};
}

/// `numbers` in order, equal ones in the order written.
void refuse_repeats(const std::vector<AxisNumber>& numbers, const Setting& setting) {
  const auto equal = [](const AxisNumber& a, const AxisNumber& b) {
    return !a.rule && !b.rule && a.value == b.value;
  };
  const auto first = std::adjacent_find(numbers.begin(), numbers.end(), equal);
  if (first == numbers.end()) return;
  const Setting second = setting.part(*(first + 1)->at);
  const std::string as = second.node().is_string() ? " (as " + second.shown() + ")" : "";
  second.refuse(
      fmt::format("{}{} stands there twice; every value may stand once.", typed_number(first->value), as));
}

constexpr Limits finite{.low = -std::numeric_limits<double>::max()};
constexpr Limits positive{.low_included = false};
constexpr Limits counts{.low = 2, .high = 1'000'000, .whole = true};
constexpr std::string_view form =
    R"({ from = 0.5, to = 4.0, count = 36 }, and scale = "log" for even logarithms)";

struct Range {
  double from;
  double to;
  std::int64_t count;
  Scale scale;
};

void refuse_unknown_entries(const Setting& setting) {
  const std::vector<std::string> known{"from", "to", "count", "scale"};
  for (const auto& [key, node] : *setting.node().as_table()) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    setting.part(node).refuse(fmt::format("unknown entry \"{}\" in a range.{} A range is {}.", name,
                                          suggestion(name, known), form));
  }
}

Setting entry(const Setting& setting, std::string_view name) {
  const toml::node* node = setting.node().as_table()->get(name);
  if (node == nullptr) setting.refuse(fmt::format("the range lacks \"{}\". A range is {}.", name, form));
  return setting.part(*node);
}

Scale read_scale(const Setting& setting) {
  const toml::node* node = setting.node().as_table()->get("scale");
  if (node == nullptr) return Scale::linear;
  const Setting scale = setting.part(*node);
  try {
    return choice_of<Scale>(scale.text(join(words_of<Scale>())));
  } catch (const InputError& error) {
    if (!node->is_string()) throw;
    scale.refuse(error.what());
  }
}

Range parse_range(const Setting& setting) {
  refuse_unknown_entries(setting);
  const Scale scale = read_scale(setting);
  const Limits& limits = scale == Scale::log ? positive : finite;
  const Range range{read_number(entry(setting, "from"), limits), read_number(entry(setting, "to"), limits),
                    read_whole_number(entry(setting, "count"), counts), scale};
  if (!(range.from < range.to)) {
    setting.refuse(fmt::format("the range goes from {} to {}; \"from\" must be below \"to\".",
                               typed_number(range.from), typed_number(range.to)));
  }
  return range;
}

/// The value at fraction j/(count − 1) of the way. The ends are exact.
double value_at(const Range& range, std::int64_t j) {
  if (j == 0) return range.from;
  if (j == range.count - 1) return range.to;
  const long double t = static_cast<long double>(j) / static_cast<long double>(range.count - 1);
  const long double from = range.from, to = range.to;
  const long double value = range.scale == Scale::linear
                                ? from + (to - from) * t
                                : std::exp(std::log(from) * (1 - t) + std::log(to) * t);
  return static_cast<double>(value);
}

std::vector<double> values_of(const Range& range) {
  std::vector<double> values;
  for (std::int64_t j = 0; j < range.count; ++j) values.push_back(rounded_to_12_digits(value_at(range, j)));
  return values;
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

std::vector<AxisNumber> read_numbers(const Setting& setting, const NumberRules& rules) {
  std::vector<AxisNumber> numbers;
  if (const toml::array* list = setting.node().as_array()) {
    for (const toml::node& node : *list) numbers.push_back(one_number(setting.part(node), rules));
  } else if (setting.node().is_table()) {
    for (const double value : read_range(setting))
      numbers.push_back(
          {checked(value, setting, rules.limits, rules.allowed()), std::nullopt, &setting.node()});
  } else {
    numbers.push_back(one_number(setting, rules));
  }
  if (numbers.empty()) setting.refuse("this axis has no values; at least one is needed.");
  return numbers;
}

void sort_numbers(std::vector<AxisNumber>& numbers, const Setting& setting) {
  std::stable_sort(numbers.begin(), numbers.end(), [](const AxisNumber& a, const AxisNumber& b) {
    return a.rule || b.rule ? !a.rule && b.rule : a.value < b.value;
  });
  refuse_repeats(numbers, setting);
}

double rounded_to_12_digits(double x) {
  return *parse_number(fmt::format("{:.11e}", x));
}

std::vector<double> read_range(const Setting& setting) {
  return values_of(parse_range(setting));
}

std::vector<double> evenly_spaced(double from, double to, std::int64_t count) {
  return values_of({from, to, count, Scale::linear});
}

}  // namespace varprop::driver
