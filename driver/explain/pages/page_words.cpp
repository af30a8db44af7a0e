#include "driver/explain/pages/page_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace varprop {

std::string opening_words(const Explanation& explanation) {
  std::string text = fmt::format(
      "Why must weights shrink when a network gets wider? Each answer below is simulated now (seed {}, width "
      "{}) and "
      "stands beside its exact value.",
      explanation.setting.seed, explanation.setting.width);
  if (explanation.setting.drawn_width() < explanation.setting.width) {
    text += fmt::format(" Chapters that draw every weight of a layer use width {}.",
                        explanation.setting.drawn_width());
  }
  return text;
}

std::string closing_words(const Explanation& explanation) {
  const auto measurements = measurements_of(explanation);
  const double p = smallest_p_value(measurements), M = static_cast<double>(measurements.size());
  return fmt::format(
      "{} numbers were measured. Chance alone would put the one that fits worst at least as far off in "
      "{:.2g} of 100 "
      "such pages (its p-value is {:.2g}).",
      measurements.size(), 100 * std::min(1.0, M * p), p);
}

}  // namespace varprop
