#include "theory/first_layer.hpp"

#include <cmath>
#include <numbers>

#include "core/contracts.hpp"
#include "theory/finite_width.hpp"

namespace varprop {

Variances variances_of(const Point& point, VarianceScaling scaling) {
  const double weight = point.weight_variance.value();
  const double fan_in = scaling == VarianceScaling::none ? static_cast<double>(point.width.value()) : 1.0;
  return {weight * fan_in, point.bias_variance.value()};
}

double first_layer_variance(Variances variances) {
  return variances.weight + variances.bias;
}

namespace {

/// ln M(s), M(s) = E e^{−3su²} for u uniform on (−1, 1); by its series where M is near 1.
double log_laplace_transform(double s) {
  const double y = 3 * s;
  if (y > 1) return std::log(std::sqrt(std::numbers::pi / y) / 2 * std::erf(std::sqrt(y)));
  double sum = 0, power = 1;
  for (int k = 1; k <= 20; ++k) {
    power *= -y / k;
    sum += power / (2 * k + 1);
  }
  return std::log1p(sum);
}

/// The integral over t = e^y by the trapezoidal rule, which converges exponentially: the integrand is smooth and
/// falls at both ends (slowest like t^{−1/2} at n = 1).
double mean_log_of_uniform_squares(double n) {
  constexpr double first = -45, last = 95, step = 1.0 / 32;
  double sum = 0;
  for (double y = first; y <= last; y += step) {
    const double t = std::exp(y);
    const double power = n * log_laplace_transform(t / n);
    // e^{−t} − e^p = e^p (e^{−t−p} − 1): no cancellation where both are near 1.
    sum += t < 1 ? std::exp(power) * std::expm1(-t - power) : std::exp(-t) - std::exp(power);
  }
  return sum * step;
}

}  // namespace

double mean_log_input_square(InputDistribution input, Width width) {
  switch (input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return 0.0;  // |x|² = n exactly
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return linear_log_ratio(width.value()).mean;
    case InputDistribution::uniform:
      return mean_log_of_uniform_squares(static_cast<double>(width.value()));
  }
  VARPROP_ASSERT(!"an input distribution without its mean");
  return 0.0;
}

}  // namespace varprop
