#include "theory/networks/network_layers.hpp"

#include <algorithm>
#include <cmath>

#include "theory/means/quadrature.hpp"

namespace varprop::theory {

namespace {

const double largest_followed_log = 290 * std::log(10.0);

double clamped_log_q(double log_q) {
  return std::clamp(log_q, -largest_followed_log, largest_followed_log);
}

/// ln(V(q) − (Eφ)²), the variance of φ, centred where it is not small beside the mean.
double log_centred_square(const MeanField& mean_field, double log_q) {
  const double q = effective_variance(mean_field.facts(), std::exp(clamped_log_q(log_q)));
  const Phi phi(mean_field.activation());
  const Kinks& kinks = mean_field.facts().kinks;
  const double mean = gaussian_mean(kinks, q, [&](double x, double) { return phi.value(x); }).value;
  const auto square = [&](double x, double) { return std::pow(phi.value(x) - mean, 2); };
  return std::log(gaussian_mean(kinks, q, square).value);
}

double log_added(double a, double b) {
  const double larger = std::max(a, b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

}  // namespace

bool has_one_map(const Point& point, const NetworkSettings& settings) {
  if (equal_widths(point)) return true;
  const bool biases_alike = settings.bias_scaling == BiasScaling::none || point.bias_variance.value() == 0;
  return settings.variance_scaling == VarianceScaling::fan_in && biases_alike;
}

NetworkLayers::NetworkLayers(const MeanField& mean_field, const Point& point, const NetworkSettings& settings)
    : mean_field_(mean_field), point_(point), settings_(settings), alike_(has_one_map(point, settings)) {}

double NetworkLayers::log_weight(int l) const {
  const auto fan_in = static_cast<double>(layer_width(point_, l - 1));
  return entry_variance(point_, settings_.variance_scaling, l).ln() + std::log(fan_in);
}

double NetworkLayers::log_bias(int l) const {
  return bias_variance(point_, settings_.bias_scaling, l).ln();
}

LayerState NetworkLayers::first() const {
  return {log_added(log_weight(1) + std::log(settings_.input_mean_square), log_bias(1))};
}

double NetworkLayers::log_activation(const LayerState& state) const {
  if (behind_activation(point_.norm)) return 0;
  const double log_q = before_activation(point_.norm) ? 0 : state.log_q;
  return PlainLayer(mean_field_, {1, 0}).next({log_q}, 1).log_q;  // ln V
}

double NetworkLayers::log_variance_of_values(const LayerState& state) const {
  if (centres(point_.norm)) return log_centred_square(mean_field_, state.log_q);
  return PlainLayer(mean_field_, {1, 0}).next(state, 1).log_q;
}

LayerState NetworkLayers::next(const LayerState& state, int l) const {
  const double from_weights = log_weight(l + 1) + log_activation(state) - std::log(point_.keep.value());
  return {log_added(from_weights, log_bias(l + 1))};
}

double NetworkLayers::log_gradient_factor(const LayerState& state, int l) const {
  const PlainLayer phi(mean_field_, {1, 0});  // V and D alone
  const LayerState seen{before_activation(point_.norm) ? 0 : state.log_q};
  double factor = log_weight(l + 1) - std::log(point_.keep.value()) + phi.log_gradient_factor(seen, l);
  if (before_activation(point_.norm)) factor -= state.log_q;
  if (behind_activation(point_.norm)) factor -= log_variance_of_values(state);
  return factor;
}

double NetworkLayers::log_from_weights(const LayerState& state, int l) const {
  const double bias = log_bias(l);
  return std::isinf(bias) ? state.log_q : state.log_q + std::log1p(-std::exp(bias - state.log_q));
}

}  // namespace varprop::theory
