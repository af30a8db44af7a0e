#include "theory/log_moments.hpp"

#include <cmath>
#include <numbers>

namespace varprop {

LogRatioLaw log_moments(const std::function<double(double)>& p, double last) {
  constexpr double first = -45, step = 1.0 / 32;
  double mean = 0, square = 0;
  for (double y = first; y <= last; y += step) {
    const double t = std::exp(y), power = p(t), excess = t + power;
    // e^{−t} − e^p = e^p (e^{−t−p} − 1): no cancellation where both are near each other.
    const double difference =
        std::abs(excess) < 1 ? std::exp(power) * std::expm1(-excess) : std::exp(-t) - std::exp(power);
    mean += difference;
    square -= 2 * difference * (y + std::numbers::egamma);
  }
  mean *= step;
  return {mean, square * step - mean * mean};
}

}  // namespace varprop
