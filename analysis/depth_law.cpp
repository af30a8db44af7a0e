#include "analysis/depth_law.hpp"

#include <algorithm>
#include <cmath>

namespace varprop {

bool halves_differ(double a, double b) {
  return std::abs(a - b) > largest_half_difference * std::max(std::abs(a), std::abs(b));
}

void refuse(LawParameter& parameter, std::string reason) {
  parameter.estimate.reset();
  parameter.refusal = std::move(reason);
}

void judge(LawParameter& parameter, double first_half, double second_half) {
  if (!parameter.holds()) return;
  const auto interval = confidence_interval(*parameter.estimate, sure_of_a_law);
  if (!interval || !parameter.goodness) {
    parameter.refusal = "fewer than 3 batches: no interval and no test";
  } else if (*parameter.goodness < least_goodness && halves_differ(first_half, second_half)) {
    refuse(parameter, "the profile bends: the halves of the window disagree");
  } else if (interval->low <= 0 && interval->high >= 0) {
    refuse(parameter, "not told from 0");
  }
}

}  // namespace varprop
