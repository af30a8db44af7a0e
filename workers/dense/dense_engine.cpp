#include "workers/dense/dense_engine.hpp"

#include <cmath>

namespace varprop::workers {

DenseEngine::DenseEngine(const Point& point, const NetworkSettings& settings, const PointKey& key)
    : network_(point, settings, key),
      weights_(network_),
      zeta_(static_cast<std::size_t>(network_.L), Vector(padded(network_.n))),
      range_(static_cast<std::size_t>(network_.L)),
      squared_signal_(static_cast<std::size_t>(network_.L)),
      signal_(padded(network_.n)),
      slope_(padded(network_.n)),
      gradient_(padded(network_.n)),
      scratch_(padded(network_.n)) {}

void DenseEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  forward(replica, sample);
  backward(replica, sample);
}

Magnitude DenseEngine::normalize(Vector& v) {
  const double squared_norm = inner_product(v, v);
  if (squared_norm > 0) {
    const double norm = std::sqrt(squared_norm);
    for (double& x : v) x /= norm;
  }
  return Magnitude::from(squared_norm);
}

void DenseEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  draw_input(network_, replica, signal_);
  squared_signal_[0] = normalize(signal_);
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l);
    const Magnitude s2 = network_.k * squared_signal_[i - 1] + network_.sigma_b2;
    preactivate(replica, l);
    sample.forward[i - 1] = s2 * Magnitude::from(inner_product(zeta_[i - 1], zeta_[i - 1])) / n;
    if (l < network_.L) {
      activate_layer(l);
      redo_in_tail(l, s2);
      squared_signal_[i] = range_[i - 1].tau * range_[i - 1].tau * normalize(signal_);
    }
  }
}

/// ζ^l = (√k |a| N â + σ_b b)/s, N = W/√k, b standard normal.
void DenseEngine::preactivate(std::uint32_t replica, std::int32_t l) {
  const auto i = static_cast<std::size_t>(l);
  const Magnitude from_weights = network_.k * squared_signal_[i - 1];
  const Magnitude s2 = from_weights + network_.sigma_b2;
  range_[i - 1] = network_.plan_range(s2.square_root());
  Vector& zeta = zeta_[i - 1];
  weights_.apply(replica, l, signal_, zeta, *stop_);
  if (s2.zero() || network_.sigma_b2.zero()) return;
  const double weight_share = (from_weights / s2).square_root().to_double();
  const double bias_share = (network_.sigma_b2 / s2).square_root().to_double();
  draw_normals(network_.stream(replica, l, Purpose::bias), network_.n, scratch_);
  for (std::size_t j = 0; j < zeta.size(); ++j) zeta[j] = weight_share * zeta[j] + bias_share * scratch_[j];
}

/// α and σ of layer l into signal_ and slope_.
void DenseEngine::activate_layer(std::int32_t l) {
  const auto i = static_cast<std::size_t>(l);
  activate(activation_pass(range_[i - 1]), network_.n, zeta_[i - 1], signal_, slope_);
}

ActivationPass DenseEngine::activation_pass(const SignalRange& range) const {
  return {network_.activation, range.linear, range.scale, range.tail};
}

/// Anew in units of the largest value and slope, if layer l lies so deep in a tail of φ that doubles lose it.
void DenseEngine::redo_in_tail(std::int32_t l, const Magnitude& s2) {
  if (!network_.plan_range.lost_in_tail(s2, inner_product(slope_, slope_), inner_product(signal_, signal_))) {
    return;
  }
  const auto i = static_cast<std::size_t>(l);
  SignalRange& range = range_[i - 1];
  range = network_.plan_range.direct(s2.square_root());
  range = network_.plan_range.in_tail(range, find_tail_units(activation_pass(range), zeta_[i - 1]));
  activate_layer(l);
}

void DenseEngine::backward(std::uint32_t replica, NetworkSample& sample) {
  Magnitude squared_norm = Magnitude::from(1);
  draw_normals(network_.stream(replica, network_.L, Purpose::output), network_.n, gradient_);
  normalize(gradient_);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l);
    if (l < network_.L) {
      weights_.apply_transposed(replica, l + 1, gradient_, scratch_, *stop_);
      activate_layer(l);
      for (std::size_t j = 0; j < gradient_.size(); ++j) gradient_[j] = slope_[j] * scratch_[j];
      const Magnitude& upsilon = range_[i - 1].upsilon;
      squared_norm = network_.k * squared_norm * (upsilon * upsilon * normalize(gradient_));
    }
    sample.backward[i - 1] = squared_norm;
    sample.weight_gradient[i - 1] = squared_norm * squared_signal_[i - 1];
  }
}

}  // namespace varprop::workers
