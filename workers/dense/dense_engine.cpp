#include "workers/dense/dense_engine.hpp"

#include <cmath>

#include "workers/dense/orthogonal_matrix.hpp"

namespace varprop {

DenseEngine::DenseEngine(const Point& point, const Ensemble& ensemble, const PointKey& key)
    : network_(point, ensemble, key),
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

DrawnMatrix DenseEngine::matrix(std::uint32_t replica, std::int32_t l) const {
  return {network_.weights, network_.stream(replica, l, Purpose::weight), network_.n, stop_};
}

void DenseEngine::apply_weights(std::uint32_t replica, std::int32_t l, const Vector& x, Vector& out) const {
  if (network_.weights == Weights::orthogonal) {
    OrthogonalMatrix(matrix(replica, l).draws, network_.n).multiply(x, out);
  } else {
    multiply(matrix(replica, l), x, out);
  }
  throw_if_stopped(*stop_);
}

void DenseEngine::apply_transposed(std::uint32_t replica, std::int32_t l, const Vector& y,
                                   Vector& out) const {
  if (network_.weights == Weights::orthogonal) {
    OrthogonalMatrix(matrix(replica, l).draws, network_.n).multiply_transposed(y, out);
  } else {
    multiply_transposed(matrix(replica, l), y, out);
  }
  throw_if_stopped(*stop_);
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
  draw_normals(network_.stream(replica, 0, Purpose::input), network_.n, signal_);
  normalize(signal_);
  squared_signal_[0] = Magnitude::from(static_cast<double>(network_.n));
}

void DenseEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  draw_input(replica);
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l);
    const Magnitude s2 = network_.k * squared_signal_[i - 1] + network_.sigma_b2;
    preactivate(replica, l);
    sample.forward[i - 1] = s2 * Magnitude::from(inner_product(zeta_[i - 1], zeta_[i - 1])) / n;
    if (l < network_.L) {
      activate_layer(l);
      network_.require_slopes(l, s2, inner_product(slope_, slope_));
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
  apply_weights(replica, l, signal_, zeta);
  if (s2.zero() || network_.sigma_b2.zero()) return;
  const double weight_share = (from_weights / s2).square_root().to_double();
  const double bias_share = (network_.sigma_b2 / s2).square_root().to_double();
  draw_normals(network_.stream(replica, l, Purpose::bias), network_.n, scratch_);
  for (std::size_t j = 0; j < zeta.size(); ++j) zeta[j] = weight_share * zeta[j] + bias_share * scratch_[j];
}

/// α and φ'(z^l) into signal_ and slope_.
void DenseEngine::activate_layer(std::int32_t l) {
  const auto i = static_cast<std::size_t>(l);
  activate({network_.activation, range_[i - 1].linear, range_[i - 1].scale, network_.n}, zeta_[i - 1],
           signal_, slope_);
}

void DenseEngine::backward(std::uint32_t replica, NetworkSample& sample) {
  Magnitude squared_norm = Magnitude::from(1);
  draw_normals(network_.stream(replica, network_.L, Purpose::output), network_.n, gradient_);
  normalize(gradient_);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l);
    if (l < network_.L) {
      apply_transposed(replica, l + 1, gradient_, scratch_);
      activate_layer(l);
      for (std::size_t j = 0; j < gradient_.size(); ++j) gradient_[j] = slope_[j] * scratch_[j];
      squared_norm = network_.k * squared_norm * normalize(gradient_);
    }
    sample.backward[i - 1] = squared_norm;
    sample.weight_gradient[i - 1] = squared_norm * squared_signal_[i - 1];
  }
}

}  // namespace varprop
