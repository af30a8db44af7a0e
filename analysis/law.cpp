#include "analysis/law.hpp"

#include <cmath>

namespace varprop {

void set_estimate(Law& law, const Parameter& parameter, std::optional<double> theory) {
  law.estimate = parameter.value;
  law.interval = confidence_interval(parameter);
  law.theory = theory;
  if (theory) law.z = z_score(parameter, *theory);
}

void set_log_estimate(Law& law, const Parameter& logarithm, std::optional<double> log_theory) {
  set_estimate(law, logarithm, log_theory);
  law.estimate = std::exp(*law.estimate);
  if (law.interval) law.interval = Interval{std::exp(law.interval->low), std::exp(law.interval->high)};
  if (law.theory) law.theory = std::exp(*law.theory);
}

void refuse(Law& law, std::string reason) {
  law.estimate.reset();
  law.interval.reset();
  law.z.reset();
  law.refusal = std::move(reason);
}

}  // namespace varprop
