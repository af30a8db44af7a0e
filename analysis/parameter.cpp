#include "analysis/parameter.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr double rarest = 1e-300;
constexpr double least_degrees = 2;

bool has_spread(const Parameter& parameter) {
  return parameter.error && parameter.degrees_of_freedom >= least_degrees;
}

}  // namespace

Parameter parameter_of(const MeanEstimate& estimate) {
  return {estimate.mean, estimate.error, static_cast<double>(estimate.count - 1)};
}

std::optional<Interval> confidence_interval(const Parameter& parameter, double level) {
  VARPROP_EXPECT(level > 0 && level < 1);
  if (!has_spread(parameter)) return std::nullopt;
  const boost::math::students_t law(parameter.degrees_of_freedom);
  const double half_width = boost::math::quantile(law, 0.5 + 0.5 * level) * *parameter.error;
  return Interval{parameter.value - half_width, parameter.value + half_width};
}

double normal_deviate(double t, double degrees_of_freedom) {
  if (t == 0) return 0;
  const boost::math::students_t law(degrees_of_freedom);
  const double p = std::isinf(t) ? 0 : boost::math::cdf(boost::math::complement(law, std::abs(t)));
  const double z = boost::math::quantile(boost::math::complement(boost::math::normal(), std::max(p, rarest)));
  return std::copysign(z, t);
}

std::optional<double> z_score(const Parameter& parameter, double theory) {
  if (!has_spread(parameter)) return std::nullopt;
  const double distance = parameter.value - theory;
  return normal_deviate(distance == 0 ? 0 : distance / *parameter.error, parameter.degrees_of_freedom);
}

}  // namespace varprop
