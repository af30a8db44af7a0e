#include "workers/dense/dense_engine.hpp"

#include <cmath>

namespace varprop {

DenseEngine::DenseEngine(const Point& point, const Ensemble& ensemble, const PointKey& key)
    : activation_(point.activation),
      n_(point.width.value()),
      L_(point.depth.value()),
      k_(Magnitude::from(entry_variance(point, ensemble.variance_scaling))),
      sigma_b2_(Magnitude::from(point.bias_variance.value())),
      key_(key),
      plan_range_(point.activation),
      zeta_(static_cast<std::size_t>(L_), Vector(padded(n_))),
      range_(static_cast<std::size_t>(L_)),
      squared_signal_(static_cast<std::size_t>(L_)),
      signal_(padded(n_)),
      slope_(padded(n_)),
      gradient_(padded(n_)),
      scratch_(padded(n_)) {}

void DenseEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  forward(replica, sample, stop);
  backward(replica, sample, stop);
}

DrawnMatrix DenseEngine::matrix(std::uint32_t replica, std::int32_t l) const {
  return {Stream(key_, replica, static_cast<std::uint32_t>(l), Purpose::weight), n_};
}

Magnitude DenseEngine::normalize(Vector& v) {
  const double squared_norm = inner_product(v, v);
  if (squared_norm > 0) {
    const double norm = std::sqrt(squared_norm);
    for (double& x : v) x /= norm;
  }
  return Magnitude::from(squared_norm);
}

/// x uniform on the sphere |x|² = n.
void DenseEngine::draw_input(std::uint32_t replica) {
  draw_normals(Stream(key_, replica, 0, Purpose::input), n_, signal_);
  normalize(signal_);
  squared_signal_[0] = Magnitude::from(static_cast<double>(n_));
}

void DenseEngine::forward(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  const Magnitude n = Magnitude::from(static_cast<double>(n_));
  draw_input(replica);
  for (std::int32_t l = 1; l <= L_; ++l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    const Magnitude s2 = k_ * squared_signal_[i - 1] + sigma_b2_;
    preactivate(replica, l);
    sample.forward[i - 1] = s2 * Magnitude::from(inner_product(zeta_[i - 1], zeta_[i - 1])) / n;
    if (l < L_) {
      activate_layer(l);
      squared_signal_[i] = range_[i - 1].tau * range_[i - 1].tau * normalize(signal_);
    }
  }
}

/// ζ^l = (√k |a| N â + σ_b b)/s, N and b standard normal.
void DenseEngine::preactivate(std::uint32_t replica, std::int32_t l) {
  const auto i = static_cast<std::size_t>(l);
  const Magnitude from_weights = k_ * squared_signal_[i - 1];
  const Magnitude s2 = from_weights + sigma_b2_;
  range_[i - 1] = plan_range_(s2.square_root());
  Vector& zeta = zeta_[i - 1];
  multiply(matrix(replica, l), signal_, zeta);
  if (s2.zero() || sigma_b2_.zero()) return;
  const double weight_share = (from_weights / s2).square_root().to_double();
  const double bias_share = (sigma_b2_ / s2).square_root().to_double();
  draw_normals(Stream(key_, replica, static_cast<std::uint32_t>(l), Purpose::bias), n_, scratch_);
  for (std::size_t j = 0; j < zeta.size(); ++j) zeta[j] = weight_share * zeta[j] + bias_share * scratch_[j];
}

/// α and φ'(z^l) into signal_ and slope_.
void DenseEngine::activate_layer(std::int32_t l) {
  const auto i = static_cast<std::size_t>(l);
  activate({activation_, range_[i - 1].linear, range_[i - 1].scale, n_}, zeta_[i - 1], signal_, slope_);
}

void DenseEngine::backward(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  Magnitude squared_norm = Magnitude::from(1);
  draw_normals(Stream(key_, replica, static_cast<std::uint32_t>(L_), Purpose::output), n_, gradient_);
  normalize(gradient_);
  for (std::int32_t l = L_; l >= 1; --l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    if (l < L_) {
      multiply_transposed(matrix(replica, l + 1), gradient_, scratch_);
      activate_layer(l);
      for (std::size_t j = 0; j < gradient_.size(); ++j) gradient_[j] = slope_[j] * scratch_[j];
      squared_norm = k_ * squared_norm * normalize(gradient_);
    }
    sample.backward[i - 1] = squared_norm;
    sample.weight_gradient[i - 1] = squared_norm * squared_signal_[i - 1];
  }
}

}  // namespace varprop
