#include "driver/sweep_file/axis_values.hpp"

#include <fmt/format.h>

#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

double over_width(const NamedValue& named, const Setting& at, const Document& document) {
  const auto setting = document.find({"grid", "width"});
  const auto widths = setting ? read_axis<Width>(*setting, document) : std::vector<Width>{};
  if (widths.size() != 1) {
    at.refuse(
        fmt::format("\"{}\" is {}/n, another number for every width, and an axis has the same values at all "
                    "widths; allowed: numbers, or a grid of one width.",
                    named.name, shortest(named.value)));
  }
  return named.value / static_cast<double>(widths.front().value());
}

void expect_fan_in(const NamedValue& named, const Setting& at, const Document& document) {
  const auto scaling = document.find({"simulation", "variance_scaling"});
  if (!scaling || read_choice<VarianceScaling>(*scaling) == VarianceScaling::fan_in) return;
  at.refuse(
      fmt::format("\"{}\" is a variance times fan-in; without variance_scaling = \"fan_in\" only numbers are "
                  "allowed.",
                  named.name));
}

}  // namespace

double value_of(const NamedValue& named, const Setting& at, const Document& document) {
  if (named.divided_by_width) return over_width(named, at, document);
  expect_fan_in(named, at, document);
  return named.value;
}

}  // namespace varprop::driver
