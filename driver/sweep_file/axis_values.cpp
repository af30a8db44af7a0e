#include "driver/sweep_file/axis_values.hpp"

#include <fmt/format.h>

#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// Whether the sweep names a key that makes layers of different widths.
bool names_other_widths(const Document& document) {
  const auto given = [&](const char* key) { return document.find({"grid", key}).has_value(); };
  return given("shape") || given("input_width") || given("output_width");
}

template <class E>
E scaling_of(const Document& document, const char* key, E otherwise) {
  const auto setting = document.find({"simulation", key});
  return setting ? read_choice<E>(*setting) : otherwise;
}

double bias_variance_of(const NamedValue& named, const Setting& at, const Document& document) {
  if (scaling_of(document, "bias_scaling", BiasScaling::none) == BiasScaling::fan_in) return named.value;
  const std::string number = shortest(named.value);
  if (names_other_widths(document)) {
    at.refuse(
        fmt::format("\"{}\" is {} over fan-in, another number for every layer of these widths; allowed: "
                    "numbers, or bias_scaling = \"fan_in\", by which it is {} itself.",
                    named.name, number, number));
  }
  const auto setting = document.find({"grid", "width"});
  const auto widths = setting ? read_axis<Width>(*setting, document) : std::vector<Width>{};
  if (widths.size() != 1) {
    at.refuse(fmt::format(
        "\"{}\" is {}/n, another number for every width, and an axis has the same values at all "
        "widths; allowed: numbers, a grid of one width, or bias_scaling = \"fan_in\", by which it "
        "is {} itself.",
        named.name, number, number));
  }
  return named.value / static_cast<double>(widths.front().value());
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

double weight_variance_of(const NamedValue& named, const Setting& at, const Document& document) {
  const auto scaling = scaling_of(document, "variance_scaling", VarianceScaling::fan_in);
  if (counts_by(named.fan, scaling, !names_other_widths(document))) return named.value;
  const bool unscaled = scaling == VarianceScaling::none;
  at.refuse(fmt::format("\"{}\" is a variance times {}; with variance_scaling = \"{}\"{} are allowed.",
                        named.name, words_of_fan(named.fan), word_of(scaling),
                        unscaled ? " only numbers" : ", in layers of these widths, numbers and other names"));
}

}  // namespace

double value_of(const NamedValue& named, const Setting& at, const Document& document) {
  return named.fan == NamedFan::bias_over_in ? bias_variance_of(named, at, document)
                                             : weight_variance_of(named, at, document);
}

}  // namespace varprop::driver
