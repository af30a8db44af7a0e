#include "analysis/statistics/refusals.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::analysis {

std::string verdict_of(const std::optional<theory::Reason>& refusal) {
  return refusal ? "refused: " + sentence_with_numbers(*refusal) : "holds";
}

bool Halves::differ() const {
  const double larger = std::max(std::abs(first), std::abs(second));
  return !(std::abs(first - second) <= largest_half_difference * larger);
}

std::optional<theory::Reason> objection(Estimate& parameter, const Evidence& evidence) {
  const bool leaves_something = evidence.goodness.value_or(1) < least_goodness;
  const Halves halves = leaves_something ? evidence.halves() : Halves{0, 0};
  if (halves.differ()) return theory::Reason(evidence.disagreement, halves.first, halves.second);
  const auto sure = confidence_interval(parameter, sure_of_a_law);
  if (!evidence.may_be_zero && sure && sure->low <= 0 && sure->high >= 0)
    return theory::Reason(theory::Reason::not_told_from_0, sure->low, sure->high);
  if (parameter.error) parameter.error = std::hypot(*parameter.error, halves.first - halves.second);
  return std::nullopt;
}

}  // namespace varprop::analysis
