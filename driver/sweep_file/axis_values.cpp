#include "driver/sweep_file/axis_values.hpp"

#include <fmt/format.h>

#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// Whether the table names a key that makes layers of different widths.
bool names_other_widths(const GridTable& table) {
  const auto given = [&](const char* key) { return table.find(key).has_value(); };
  return given("shape") || given("input_width") || given("output_width");
}

template <class E>
E scaling_of(const GridTable& table, const char* key, E otherwise) {
  const auto setting = table.document().find({"simulation", key});
  return setting ? read_choice<E>(*setting) : otherwise;
}

AxisNumber bias_variance_of(const NamedValue& named, const Setting& at, const GridTable& table) {
  if (scaling_of(table, "bias_scaling", BiasScaling::none) == BiasScaling::fan_in)
    return {named.value, std::nullopt, &at.node()};
  if (names_other_widths(table)) {
    const std::string number = shortest(named.value);
    at.refuse(
        fmt::format("\"{}\" is {} over fan-in, another number for every layer of these widths; allowed: "
                    "numbers, or bias_scaling = \"fan_in\", by which it is {} itself.",
                    named.name, number, number));
  }
  return {0, Rule::exactly(fmt::format("{:.17g}/width", named.value)), &at.node()};
}

/// Whether σ_w² by this scaling is the variance times the name's fan.
bool counts_by(NamedFan fan, VarianceScaling scaling, bool square) {
  switch (scaling) {
    case VarianceScaling::fan_in:
      return fan != NamedFan::average || square;
    case VarianceScaling::fan_out:
      return fan == NamedFan::in_or_out || square;
    case VarianceScaling::fan_avg:
      return fan == NamedFan::average || square;
    case VarianceScaling::none:
      break;
  }
  return false;
}

std::string_view words_of_fan(NamedFan fan) {
  if (fan == NamedFan::average) return "the mean of fan-in and fan-out";
  return fan == NamedFan::in ? "fan-in" : "fan-in or fan-out";
}

AxisNumber weight_variance_of(const NamedValue& named, const Setting& at, const GridTable& table) {
  const auto scaling = scaling_of(table, "variance_scaling", VarianceScaling::fan_in);
  if (counts_by(named.fan, scaling, !names_other_widths(table)))
    return {named.value, std::nullopt, &at.node()};
  const bool unscaled = scaling == VarianceScaling::none;
  at.refuse(fmt::format("\"{}\" is a variance times {}; with variance_scaling = \"{}\"{} are allowed.",
                        named.name, words_of_fan(named.fan), word_of(scaling),
                        unscaled ? " only numbers" : ", in layers of these widths, numbers and other names"));
}

}  // namespace

AxisNumber number_of(const NamedValue& named, const Setting& at, const GridTable& table) {
  return named.fan == NamedFan::bias_over_in ? bias_variance_of(named, at, table)
                                             : weight_variance_of(named, at, table);
}

}  // namespace varprop::driver
