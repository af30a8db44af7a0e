#include "analysis/points/number_formats.hpp"

#include <cmath>

namespace varprop::analysis {

bool leaves(const NumberFormat& format, RangeExit exit, double log_rms, double width) {
  constexpr double rounding =
      1e-10;  // of ln r, from layer to layer: a power of two is on its border, not beyond
  switch (exit) {
    case RangeExit::subnormal:
      return log_rms < std::log(format.smallest_normal) - rounding;
    case RangeExit::underflow:
      return log_rms < std::log(0.5 * format.smallest_subnormal) - rounding;
    case RangeExit::overflow:
      return log_rms + 0.5 * std::log(2 * std::log(2 * width)) > std::log(format.largest) + rounding;
  }
  return false;
}

double log_entry_rms(Quantity quantity, double log_mean, double width, const GradientScale& scale) {
  switch (quantity) {
    case Quantity::backward:
      return 0.5 * (log_mean - std::log(width)) + std::log(scale.product());
    case Quantity::weight_gradient:
      return 0.5 * log_mean - std::log(width) + std::log(scale.product());
    default:
      return 0.5 * log_mean;
  }
}

FormatExits find_exits(Quantity quantity, std::span<const std::int32_t> layers,
                       std::span<const double> log_mean, double width, const GradientScale& scale) {
  FormatExits exits;
  const bool up = measure_of(quantity).first().travel == Travel::up;
  for (std::size_t step = 0; step < layers.size(); ++step) {
    const std::size_t i = up ? step : layers.size() - 1 - step;
    if (std::isnan(log_mean[i])) continue;
    const double log_rms = log_entry_rms(quantity, log_mean[i], width, scale);
    for (std::size_t f = 0; f < number_formats.size(); ++f) {
      for (std::size_t e = 0; e < range_exits.size(); ++e) {
        std::int32_t& layer = exits.layer[f][e];
        if (layer == 0 && leaves(number_formats[f], range_exits[e].exit, log_rms, width)) layer = layers[i];
      }
    }
  }
  return exits;
}

}  // namespace varprop::analysis
