#include "analysis/parameter.hpp"

#include <cmath>
#include <map>
#include <utility>

#include "analysis/distributions.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr double rarest = 1e-300;
constexpr double least_degrees = 2;

bool has_spread(const Parameter& parameter) {
  return parameter.error && parameter.degrees_of_freedom >= least_degrees;
}

/// The quantile of Student's law at ½ + level/2. Few are asked for, each of them very often.
double two_sided_quantile(double degrees_of_freedom, double level) {
  thread_local std::map<std::pair<double, double>, double> known;
  const auto [found, is_new] = known.try_emplace({degrees_of_freedom, level}, 0.0);
  if (is_new) found->second = student_t_quantile(degrees_of_freedom, 0.5 + 0.5 * level);
  return found->second;
}

}  // namespace

Parameter parameter_of(const MeanEstimate& estimate) {
  return {estimate.mean, estimate.error, static_cast<double>(estimate.count - 1)};
}

std::optional<Interval> confidence_interval(const Parameter& parameter, double level) {
  VARPROP_EXPECT(level > 0 && level < 1);
  if (!has_spread(parameter)) return std::nullopt;
  const double half_width = two_sided_quantile(parameter.degrees_of_freedom, level) * *parameter.error;
  return Interval{parameter.value - half_width, parameter.value + half_width};
}

double normal_deviate(double t, double degrees_of_freedom) {
  if (t == 0) return 0;
  const double p = std::isinf(t) ? 0 : student_t_exceeds(degrees_of_freedom, std::abs(t));
  return std::copysign(normal_exceeded_with(std::max(p, rarest)), t);
}

std::optional<double> z_score(const Parameter& parameter, double theory) {
  if (!has_spread(parameter)) return std::nullopt;
  const double distance = parameter.value - theory;
  return normal_deviate(distance == 0 ? 0 : distance / *parameter.error, parameter.degrees_of_freedom);
}

}  // namespace varprop
