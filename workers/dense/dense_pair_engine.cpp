#include "workers/dense/dense_pair_engine.hpp"

#include <algorithm>
#include <cmath>

#include "workers/network_input.hpp"

namespace varprop {

namespace {

void scale(std::vector<double>& v, double factor) {
  for (double& x : v) x *= factor;
}

}  // namespace

DensePairEngine::DensePairEngine(const Point& point, const Ensemble& ensemble, const PointKey& key)
    : network_(point, ensemble, key),
      weights_(network_),
      input_correlation_(ensemble.input_correlation.value()),
      layers_(static_cast<std::size_t>(network_.L)),
      first_signal_(padded(network_.n)),
      signal_difference_(padded(network_.n)),
      first_gradient_(padded(network_.n)),
      gradient_difference_(padded(network_.n)),
      y_first_(padded(network_.n)),
      y_difference_(padded(network_.n)),
      room_(PairArrays::count * padded(network_.n)) {
  for (Layer& layer : layers_) layer.zeta.resize(padded(network_.n)), layer.omega.resize(padded(network_.n));
}

void DensePairEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  forward(replica, sample);
  backward(replica, sample);
}

DifferenceGeometry DensePairEngine::normalize(Vector& first, Vector& difference,
                                              const Magnitude& first_unit_squared,
                                              const Magnitude& difference_unit_squared) const {
  const double first_square = inner_product(first, first);
  const double difference_square = inner_product(difference, difference);
  const auto geometry =
      DifferenceGeometry::from_sums(first_square, inner_product(first, difference), difference_square,
                                    first_unit_squared, difference_unit_squared, network_.n);
  if (first_square > 0) scale(first, 1 / std::sqrt(first_square));
  if (difference_square > 0) scale(difference, 1 / std::sqrt(difference_square));
  return geometry;
}

/// x₂ = x₁ + e with e at an angle of cosine −√((1 − c_0)/2) to x₁.
void DensePairEngine::draw_inputs(std::uint32_t replica) {
  draw_input(network_, replica, first_signal_);
  const double norm = inner_product(first_signal_, first_signal_);
  draw_normals(network_.stream(replica, 0, Purpose::second_input), network_.n, signal_difference_);
  const double apart = 1 - input_correlation_;
  const bool parallel = network_.n == 1;
  const double cosine = parallel ? -1 : -std::sqrt(apart / 2);
  const double squared_sine = parallel ? 0 : (1 + input_correlation_) / 2;
  scale(first_signal_, 1 / std::sqrt(norm));
  const double along = inner_product(first_signal_, signal_difference_);
  const double across_square = inner_product(signal_difference_, signal_difference_) - along * along;
  const double across = parallel ? 0 : std::sqrt(squared_sine / across_square);
  for (std::size_t i = 0; i < first_signal_.size(); ++i) {
    signal_difference_[i] = (cosine - across * along) * first_signal_[i] + across * signal_difference_[i];
  }
  signal_ = {Magnitude::from(norm), Magnitude::from(norm) * Magnitude::from(2 * apart), cosine, squared_sine};
}

void DensePairEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  draw_inputs(replica);
  both_alive_ = true;
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    Layer& layer = layers_[i];
    preactivate(replica, l);
    const Magnitude s2 = network_.k * layer.squared_signal + network_.sigma_b2;
    const auto z = DifferenceGeometry::from_sums(
        inner_product(layer.zeta, layer.zeta), inner_product(layer.zeta, layer.omega),
        inner_product(layer.omega, layer.omega), s2, layer.range.unit * layer.range.unit, network_.n);
    sample.forward[i] = z.u_squared / n;
    sample.correlation[i] = both_alive_ ? cosine_of(z) : std::nullopt;
    if (l == network_.L) break;
    activate(layer);
    const PairArrays at = arrays();
    network_.require_no_tail(l, s2, inner_product(at.slope, at.slope),
                             inner_product(at.alpha, at.alpha));
  }
}

/// ζ = √ρ N â₁ + √(1−ρ) b and ω = N ê, N and b standard normal, ê the direction of a₂ − a₁.
void DensePairEngine::preactivate(std::uint32_t replica, std::int32_t l) {
  Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  layer.squared_signal = signal_.u_squared;
  const Magnitude from_weights = network_.k * signal_.u_squared;
  const Magnitude s2 = from_weights + network_.sigma_b2;
  layer.range = plan_pair(network_.plan_range, s2.square_root(), (network_.k * signal_.e_squared).square_root());
  weights_.apply(replica, l, first_signal_, layer.zeta, *stop_);
  weights_.apply(replica, l, signal_difference_, layer.omega, *stop_);
  if (s2.zero() || network_.sigma_b2.zero()) return;
  const double weight_share = (from_weights / s2).square_root().to_double();
  const double bias_share = (network_.sigma_b2 / s2).square_root().to_double();
  Vector& bias = y_first_;  // unused until the way back
  draw_normals(network_.stream(replica, l, Purpose::bias), network_.n, bias);
  for (std::size_t j = 0; j < bias.size(); ++j) {
    layer.zeta[j] = weight_share * layer.zeta[j] + bias_share * bias[j];
  }
}

/// The signals a^l of both inputs.
void DensePairEngine::activate(Layer& layer) {
  const PairArrays at = arrays();
  activate_pair({network_.activation, layer.range}, network_.n, layer.zeta, layer.omega, at);
  const bool extinct = inner_product(at.alpha, at.alpha) == 0 ||
                       inner_product(at.second_alpha, at.second_alpha) == 0;
  if (extinct && network_.sigma_b2.zero()) both_alive_ = false;
  std::ranges::copy(at.alpha, first_signal_.begin());
  std::ranges::copy(at.difference, signal_difference_.begin());
  signal_ = normalize(first_signal_, signal_difference_, layer.range.tau * layer.range.tau,
                      layer.range.unit * layer.range.unit);
  if (!both_alive_) signal_ = {signal_.u_squared, Magnitude()};
}

void DensePairEngine::backward(std::uint32_t replica, NetworkSample& sample) {
  draw_normals(network_.stream(replica, network_.L, Purpose::output), network_.n, first_gradient_);
  std::fill(gradient_difference_.begin(), gradient_difference_.end(), 0.0);
  normalize(first_gradient_, gradient_difference_, Magnitude::from(1), Magnitude());
  gradient_ = {Magnitude::from(1), Magnitude()};
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    if (l < network_.L) step_down(replica, l);
    sample.backward[i] = gradient_.u_squared;
    sample.weight_gradient[i] = gradient_.u_squared * layers_[i].squared_signal;
    const bool both = both_alive_ || l == network_.L;
    sample.gradient_correlation[i] = both ? cosine_of(gradient_) : std::nullopt;
  }
}

/// δ₁ = φ'(z₁) ⊙ Wᵀδ₁ and δ₂ − δ₁ = φ'(z₂) ⊙ Wᵀ(δ₂ − δ₁) + (φ'(z₂) − φ'(z₁)) ⊙ Wᵀδ₁, the larger of the two
/// sizes taken out.
void DensePairEngine::step_down(std::uint32_t replica, std::int32_t l) {
  const Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  if (gradient_.u_squared.zero()) return;
  weights_.apply_transposed(replica, l + 1, first_gradient_, y_first_, *stop_);
  weights_.apply_transposed(replica, l + 1, gradient_difference_, y_difference_, *stop_);
  const PairArrays at = arrays();
  activate_pair({network_.activation, layer.range}, network_.n, layer.zeta, layer.omega, at);
  const Magnitude share = (gradient_.e_squared / gradient_.u_squared).square_root();
  const Magnitude unit = larger(share, layer.range.bending);
  const double moved = unit.zero() ? 0 : (share / unit).to_double();
  const double bent = unit.zero() ? 0 : (layer.range.bending / unit).to_double();
  for (std::size_t j = 0; j < y_first_.size(); ++j) {
    first_gradient_[j] = at.slope[j] * y_first_[j];
    gradient_difference_[j] =
        moved * (at.second_slope[j] * y_difference_[j]) + bent * (at.bend[j] * y_first_[j]);
  }
  const Magnitude gain = network_.k * gradient_.u_squared;
  gradient_ = normalize(first_gradient_, gradient_difference_, gain, gain * unit * unit);
}

}  // namespace varprop
