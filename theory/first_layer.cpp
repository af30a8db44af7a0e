#include "theory/first_layer.hpp"

#include <cmath>
#include <numbers>

#include "core/contracts.hpp"
#include "theory/log_ratio.hpp"

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

}  // namespace

double mean_log_input_square(InputDistribution input, Width width) {
  const auto n = static_cast<double>(width.value());
  switch (input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return 0.0;  // |x|² = n exactly
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return linear_log_ratio(width.value()).mean;
    case InputDistribution::uniform:
      return log_moments([n](double t) { return n * log_laplace_transform(t / n); }).mean;
  }
  VARPROP_ASSERT(!"an input distribution without its mean");
  return 0.0;
}

}  // namespace varprop
