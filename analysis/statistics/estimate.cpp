#include "analysis/statistics/estimate.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/errors.hpp"
#include "core/math/moments.hpp"

namespace varprop::analysis {

std::optional<Estimate> mean_of(std::span<const double> values, double rounding) {
  Moments moments;
  double infinite = 0;
  for (const double value : values) {
    if (!std::isnan(value)) moments.add(value);
    if (std::isinf(value)) infinite = value;
  }
  if (moments.count() == 0) return std::nullopt;
  if (infinite != 0) return Estimate{infinite, std::nullopt, static_cast<double>(moments.count()) - 1};
  const auto n = static_cast<double>(moments.count());
  Estimate estimate{moments.mean(), std::nullopt, n - 1};
  if (moments.count() > 1) estimate.error = std::max(std::sqrt(moments.variance() / n), rounding);
  return estimate;
}

double log_rounding(double largest, double layers) {
  return std::numeric_limits<double>::epsilon() * (largest + layers);
}

namespace {

/// Doubles are exact enough, and several times faster than Boost's habit of long doubles.
using Doubles = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using StudentT = boost::math::students_t_distribution<double, Doubles>;

template <class Law>
double exceeds(const Law& law, double x) {
  return boost::math::cdf(boost::math::complement(law, x));
}

/// The x with P(T ≤ x) = p, and P(T > x), of Student's t with so many degrees of freedom.
double student_t_quantile(double degrees_of_freedom, double p) {
  return boost::math::quantile(StudentT(degrees_of_freedom), p);
}

double student_t_exceeds(double degrees_of_freedom, double x) {
  return exceeds(StudentT(degrees_of_freedom), x);
}

/// The x with P(Z > x) = p of a standard normal.
double normal_exceeded_with(double p) {
  return boost::math::quantile(boost::math::complement(boost::math::normal(), p));
}

constexpr double rarest = 1e-300;

/// The quantile of Student's law at ½ + level/2. Few are asked for, each of them very often.
double two_sided_quantile(double degrees_of_freedom, double level) {
  thread_local std::map<std::pair<double, double>, double> known;
  const auto [found, is_new] = known.try_emplace({degrees_of_freedom, level}, 0.0);
  if (is_new) found->second = student_t_quantile(degrees_of_freedom, 0.5 + 0.5 * level);
  return found->second;
}

}  // namespace

std::optional<Interval> confidence_interval(const Estimate& estimate, double level) {
  VARPROP_EXPECT(level > 0 && level < 1);
  if (!estimate.has_spread()) return std::nullopt;
  const double half_width = two_sided_quantile(estimate.degrees_of_freedom, level) * *estimate.error;
  return Interval{estimate.value - half_width, estimate.value + half_width};
}

double normal_deviate(double t, double degrees_of_freedom) {
  if (t == 0) return 0;
  const double p = std::isinf(t) ? 0 : student_t_exceeds(degrees_of_freedom, std::abs(t));
  return std::copysign(normal_exceeded_with(std::max(p, rarest)), t);
}

std::optional<double> z_score(const Estimate& estimate, double theory, double neglected) {
  if (!estimate.has_spread()) return std::nullopt;
  const double distance = estimate.value - theory, of_theory = neglected / 2;
  return normal_deviate(distance == 0 ? 0 : distance / std::hypot(*estimate.error, of_theory),
                        estimate.degrees_of_freedom);
}

double f_exceeds(double above, double below, double x) {
  return exceeds(boost::math::fisher_f(above, below), x);
}

double f_exceeds_by_double(double above, double below, double x) {
  return exceeds(boost::math::fisher_f_distribution<double, Doubles>(above, below), x);
}

}  // namespace varprop::analysis
