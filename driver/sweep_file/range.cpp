#include "driver/sweep_file/range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/point/choices.hpp"
#include "core/text.hpp"
#include "driver/sweep_file/numbers.hpp"

namespace varprop {

/// How a range's values are spaced.
enum class Scale { linear, log };

template <>
struct Choices<Scale> {
  static constexpr std::string_view noun = "scale";
  static constexpr std::array words{std::pair{Scale::linear, std::string_view("linear")},
                                    std::pair{Scale::log, std::string_view("log")}};
};

namespace {

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

}  // namespace

double rounded_to_12_digits(double x) {
  return *parse_number(fmt::format("{:.11e}", x));
}

std::vector<double> read_range(const Setting& setting) {
  const Range range = parse_range(setting);
  std::vector<double> values;
  for (std::int64_t j = 0; j < range.count; ++j) values.push_back(rounded_to_12_digits(value_at(range, j)));
  return values;
}

}  // namespace varprop
