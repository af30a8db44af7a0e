#include "analysis/points/number_formats.hpp"

#include <cmath>
#include <numbers>

namespace varprop::analysis {

bool leaves(const NumberFormat& format, RangeExit exit, double log_rms, double width) {
  constexpr double rounding =
      1e-10;  // of ln r, from layer to layer: a power of two is on its border, not beyond
  switch (exit) {
    case RangeExit::subnormal:
      return log_rms < std::log(format.smallest_normal) - rounding;
    case RangeExit::underflow:
      return log_rms < std::log(format.smallest_subnormal) - std::numbers::ln2 - rounding;
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

namespace {

/// Layers by which networks of this spread at the i-th layer are apart, where ⟨ln X⟩ came from the layer
/// `before`.
double spread_in_layers(std::span<const std::int32_t> layers, std::span<const double> log_mean,
                        double log_variance, std::size_t before, std::size_t i) {
  const double per_layer = (log_mean[i] - log_mean[before]) / (layers[i] - layers[before]);
  const double spread = std::sqrt(log_variance) / std::abs(per_layer);
  return std::isfinite(spread) ? spread : 0;
}

}  // namespace

FormatExits find_exits(Quantity quantity, std::span<const std::int32_t> layers,
                       std::span<const double> log_mean, std::span<const double> log_variance,
                       std::span<const double> widths, const GradientScale& scale) {
  FormatExits exits;
  const bool up = measure_of(quantity).first().travel == Travel::up;
  std::optional<std::size_t> before;
  for (std::size_t step = 0; step < layers.size(); ++step) {
    const std::size_t i = up ? step : layers.size() - 1 - step;
    if (std::isnan(log_mean[i])) continue;
    const double log_rms = log_entry_rms(quantity, log_mean[i], widths[i], scale);
    const double spread = before ? spread_in_layers(layers, log_mean, log_variance[i], *before, i) : 0;
    for (std::size_t f = 0; f < number_formats.size(); ++f) {
      for (std::size_t e = 0; e < range_exits.size(); ++e) {
        if (exits.layer[f][e] || !leaves(number_formats[f], range_exits[e].exit, log_rms, widths[i]))
          continue;
        exits.layer[f][e] = layers[i];
        exits.spread[f][e] = spread;
      }
    }
    before = i;
  }
  return exits;
}

}  // namespace varprop::analysis
