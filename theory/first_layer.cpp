#include "theory/first_layer.hpp"

#include "core/contracts.hpp"

namespace varprop {

Variances variances_of(const Point& point, VarianceScaling scaling) {
  const double weight = point.weight_variance.value();
  const double fan_in = scaling == VarianceScaling::none ? static_cast<double>(point.width.value()) : 1.0;
  return {weight * fan_in, point.bias_variance.value()};
}

double first_layer_variance(Variances variances) {
  return variances.weight + variances.bias;
}

double mean_log_input_square(InputDistribution input) {
  switch (input) {
    case InputDistribution::sphere:
      return 0.0;  // |x|² = n exactly
  }
  VARPROP_ASSERT(!"an input distribution without its mean");
  return 0.0;
}

}  // namespace varprop
