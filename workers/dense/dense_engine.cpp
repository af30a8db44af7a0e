#include "workers/dense/dense_engine.hpp"

#include <algorithm>
#include <cmath>

#include "workers/network/signal_range.hpp"

namespace varprop::workers {

namespace {

/// Scales v to size 1 and returns its squared norm before.
Magnitude normalize(std::span<double> v) {
  const double squared_norm = inner_product(v, v);
  if (squared_norm > 0) {
    const double norm = std::sqrt(squared_norm);
    for (double& x : v) x /= norm;
  }
  return Magnitude::from(squared_norm);
}

/// Takes the mean of the first n elements away.
void centre(std::span<double> v, std::size_t n) {
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += v[i] / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) v[i] -= mean;
}

}  // namespace

DenseEngine::DenseEngine(const Point& point, const NetworkSettings& settings, const PointKey& key)
    : network_(point, settings, key), weights_(network_), layers_(static_cast<std::size_t>(network_.L)) {
  for (std::int32_t l = 1; l <= network_.L; ++l) layer(l).zeta.resize(padded(network_.width(l)));
  for (Vector* v : {&signal_, &slope_, &gradient_, &scratch_}) v->resize(padded(network_.widest()));
  if (network_.norm != Norm::none) unit_.resize(padded(network_.widest()));
  if (network_.keep < 1) mask_.resize(padded(network_.widest()));
}

void DenseEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  if (forward(replica, sample)) backward(replica, sample);
}

std::span<double> DenseEngine::at(Vector& v, std::int32_t l) const {
  return std::span(v).first(padded(network_.width(l)));
}

bool DenseEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const auto width = [this](std::int32_t l) {
    return Magnitude::from(static_cast<double>(network_.width(l)));
  };
  draw_input(network_, replica, at(signal_, 0));
  layer(1).squared_signal = network_.input_mean_square * normalize(at(signal_, 0));
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    const Magnitude s2 = network_.variance(l) * layer(l).squared_signal + network_.bias_variance_of(l);
    const bool normalized = before_activation(network_.norm);
    if (l < network_.L && !normalized && network_.plan_range.explodes(s2.square_root())) {
      sample.explode(l);
      return false;
    }
    preactivate(replica, l, s2);
    sample.forward[i] = s2 * Magnitude::from(inner_product(layer(l).zeta, layer(l).zeta)) / width(l);
    if (l == network_.L && !sample.asks_for_activations()) break;
    activate_layer(l);
    redo_in_tail(l, s2);
    normalize_values(l);
    find_norm(l, s2);
    const Magnitude unit = layer(l).range.tau * layer(l).range.tau;
    if (sample.asks_for_activations())
      sample.activations[i] =
          unit * Magnitude::from(inner_product(at(signal_, l), at(signal_, l))) / width(l);
    if (l == network_.L) break;
    mask(replica, l);
    layer(l + 1).squared_signal = unit * normalize(at(signal_, l));
  }
  return true;
}

/// ζ^l = (√k |a| N â + σ_b b)/s, N = W/√k, b standard normal.
void DenseEngine::preactivate(std::uint32_t replica, std::int32_t l, const Magnitude& s2) {
  const Magnitude from_weights = network_.variance(l) * layer(l).squared_signal;
  const Magnitude& sigma_b2 = network_.bias_variance_of(l);
  const bool normalized = before_activation(network_.norm) && !s2.zero();
  layer(l).range = network_.plan_range(normalized ? Magnitude::from(1) : s2.square_root());
  Vector& zeta = layer(l).zeta;
  weights_.apply(replica, l, at(signal_, l - 1), zeta, *stop_);
  if (s2.zero() || sigma_b2.zero()) return;
  const double weight_share = (from_weights / s2).square_root().to_double();
  const double bias_share = (sigma_b2 / s2).square_root().to_double();
  draw_normals(network_.stream(replica, l, Purpose::bias), network_.width(l), at(scratch_, l));
  for (std::size_t j = 0; j < zeta.size(); ++j) zeta[j] = weight_share * zeta[j] + bias_share * scratch_[j];
}

/// α and σ of layer l into signal_ and slope_, of N(z) where a norm stands before φ.
void DenseEngine::activate_layer(std::int32_t l) {
  if (before_activation(network_.norm)) {
    std::ranges::copy(layer(l).zeta, unit_.begin());
    normalized_square_ = to_mean_square_one(l);
  }
  activate(activation_pass(layer(l).range), network_.width(l), preactivation(l), at(signal_, l),
           at(slope_, l));
}

std::span<const double> DenseEngine::preactivation(std::int32_t l) {
  return before_activation(network_.norm) ? at(unit_, l) : std::span<double>(layer(l).zeta);
}

/// N of unit_, whose mean square (less its mean, where the norm takes that away) is returned.
double DenseEngine::to_mean_square_one(std::int32_t l) {
  const auto n = static_cast<std::size_t>(network_.width(l));
  const auto u = at(unit_, l);
  constexpr double rounding = 1e-28;  // of a mean, squared: values that are all alike have nothing beside it
  const double whole = inner_product(u, u);
  if (centres(network_.norm)) centre(u, n);
  const double left = inner_product(u, u);
  const double square = left > rounding * whole ? left / static_cast<double>(n) : 0;
  const double factor = square > 0 ? 1 / std::sqrt(square) : 0;
  for (double& x : u) x *= factor;
  return square;
}

ActivationPass DenseEngine::activation_pass(const SignalRange& range) const {
  return {network_.activation, range.linear, range.scale, range.tail};
}

/// Anew in units of the largest value and slope, if layer l lies so deep in a tail of φ that doubles lose it.
void DenseEngine::redo_in_tail(std::int32_t l, const Magnitude& s2) {
  if (before_activation(network_.norm)) return;  // all neurons at once are in no tail
  const auto slope = at(slope_, l), signal = at(signal_, l);
  if (!network_.plan_range.lost_in_tail(s2, inner_product(slope, slope), inner_product(signal, signal))) {
    return;
  }
  SignalRange& range = layer(l).range;
  range = network_.plan_range.direct(s2.square_root());
  range = network_.plan_range.in_tail(range, find_tail_units(activation_pass(range), layer(l).zeta));
  activate_layer(l);
}

/// The norm's Jacobian is 1/r times a projection, and r goes into what φ' is counted in.
void DenseEngine::find_norm(std::int32_t l, const Magnitude& s2) {
  if (network_.norm == Norm::none) return;
  SignalRange& range = layer(l).range;
  const Magnitude unit_squared = before_activation(network_.norm) ? s2 : range.tau * range.tau;
  const Magnitude r2 = unit_squared * Magnitude::from(normalized_square_);
  if (!r2.zero()) range.upsilon = range.upsilon / r2.square_root();
  if (!before_activation(network_.norm)) range.tau = Magnitude::from(1);
}

/// The signal behind the norm, where that stands behind φ.
void DenseEngine::normalize_values(std::int32_t l) {
  if (network_.norm == Norm::none || before_activation(network_.norm)) return;
  std::ranges::copy(at(signal_, l), unit_.begin());
  normalized_square_ = to_mean_square_one(l);
  std::ranges::copy(at(unit_, l), signal_.begin());
}

/// Dropout of the signal, and the mask for its gradient.
void DenseEngine::mask(std::uint32_t replica, std::int32_t l) {
  if (network_.keep == 1) return;
  draw_mask(network_.mask(replica, l), network_.width(l), at(mask_, l));
  const auto signal = at(signal_, l);
  for (std::size_t j = 0; j < signal.size(); ++j) signal[j] *= mask_[j];
}

void DenseEngine::backward(std::uint32_t replica, NetworkSample& sample) {
  Magnitude squared_norm = Magnitude::from(1);
  draw_normals(network_.stream(replica, network_.L, Purpose::output), network_.width(network_.L),
               at(gradient_, network_.L));
  normalize(at(gradient_, network_.L));
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    if (l < network_.L) {
      weights_.apply_transposed(replica, l + 1, at(gradient_, l + 1), at(scratch_, l), *stop_);
      activate_layer(l);
      normalize_values(l);
      mask(replica, l);
      through_activation(l);
      const Magnitude& upsilon = layer(l).range.upsilon;
      squared_norm =
          network_.variance(l + 1) * squared_norm * (upsilon * upsilon * normalize(at(gradient_, l)));
    }
    sample.backward[i] = squared_norm;
    sample.weight_gradient[i] = squared_norm * layer(l).squared_signal;
  }
}

/// From Wᵀδ in scratch_ to the gradient at z^l, in units of υ.
void DenseEngine::through_activation(std::int32_t l) {
  const bool before = before_activation(network_.norm);
  const auto y = at(scratch_, l), gradient = at(gradient_, l);
  unmasked_square_ = inner_product(y, y);
  if (network_.keep < 1) {
    for (std::size_t j = 0; j < y.size(); ++j) y[j] *= mask_[j];
  }
  if (network_.norm != Norm::none && !before) project(l, y);
  for (std::size_t j = 0; j < y.size(); ++j) gradient[j] = slope_[j] * y[j];
  if (before) project(l, gradient);
  if (network_.norm != Norm::none) drop_rounding(l);
}

/// What is left of a gradient that norms take whole, as that of a single living neuron between two of them,
/// is 0.
void DenseEngine::drop_rounding(std::int32_t l) {
  constexpr double nothing_limit = 1e-26;
  const auto gradient = at(gradient_, l);
  double steepest = 0;
  for (const double slope : at(slope_, l)) steepest = std::max(steepest, std::abs(slope));
  const double reference = steepest * steepest * unmasked_square_;
  if (inner_product(gradient, gradient) <= nothing_limit * reference) std::ranges::fill(gradient, 0.0);
}

/// r times the transposed Jacobian of the norm: what is orthogonal to N(x) and, where the norm takes the mean
/// away, to a constant. 0 where x is.
void DenseEngine::project(std::int32_t l, std::span<double> v) {
  const auto n = static_cast<std::size_t>(network_.width(l));
  const auto unit = at(unit_, l);
  const double square = inner_product(unit, unit);
  if (square == 0) std::ranges::fill(v, 0.0);
  if (square == 0) return;
  for (int time = 0; time < 2; ++time) {  // the second for what rounding left
    if (centres(network_.norm)) centre(v, n);
    add_multiple(-inner_product(unit, v) / square, unit, v);
  }
}

}  // namespace varprop::workers
