#include "driver/explain/pages/page_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace varprop {

std::string opening_words(const Explanation& explanation) {
  std::string text = fmt::format(
      "Why must weights shrink when a network gets wider? Each answer below was simulated when this text "
      "was made (seed {}, width {}) and stands beside its exact value.",
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
  const double share = -std::expm1(M * std::log1p(-p));  // 1 − (1 − p)^M
  return fmt::format(
      "{} numbers were measured. The p-value of the one that fits worst is {:.2g}: chance alone puts one of "
      "so many numbers as far off in about {:.2g} % of such pages.",
      measurements.size(), p, 100 * share);
}

}  // namespace varprop
