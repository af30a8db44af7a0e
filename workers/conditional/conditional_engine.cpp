#include "workers/conditional/conditional_engine.hpp"

#include <cmath>

namespace varprop {

namespace {

/// Below this share of its parts |d|² has lost eight digits to cancellation: the sums are formed anew.
constexpr double cancellation_limit = 1e-8;

/// The last layer: no activation, and the output gradient's direction in the place of ξ.
constexpr Slopes no_activation{1, 1};

}  // namespace

ConditionalEngine::ConditionalEngine(const Point& point, const Ensemble& ensemble, const PointKey& key)
    : network_(point, ensemble, key),
      layers_(static_cast<std::size_t>(network_.L)),
      squared_signal_(static_cast<std::size_t>(network_.L)) {}

void ConditionalEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  forward(replica, sample);
  backward(replica, sample);
}

LayerPass ConditionalEngine::pass(std::uint32_t replica, std::int32_t l, const SignalRange& range) const {
  const bool last = l == network_.L;
  return {network_.activation,
          last ? std::optional(no_activation) : range.linear,
          range.scale,
          network_.stream(replica, l, Purpose::preactivation),
          network_.stream(replica, l, last ? Purpose::output : Purpose::transpose),
          network_.n,
          stop_};
}

void ConditionalEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  squared_signal_[0] = n;  // |x|² on the sphere; only the norm of x matters to a Gaussian first layer
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l);
    const Magnitude from_weights = network_.k * squared_signal_[i - 1];
    const Magnitude s2 = from_weights + network_.sigma_b2;
    Layer& layer = layers_[i - 1];
    layer.range = network_.plan_range(s2.square_root());
    layer.root_rho = s2.zero() ? 0 : (from_weights / s2).square_root().to_double();
    layer.root_one_minus_rho = s2.zero() ? 1 : (network_.sigma_b2 / s2).square_root().to_double();
    layer.sums = sum_layer(pass(replica, l, layer.range));
    throw_if_stopped(*stop_);
    sample.forward[i - 1] = s2 * Magnitude::from(layer.sums.epsilon_epsilon) / n;
    if (l < network_.L) {
      network_.require_slopes(l, s2, layer.sums.slope_xi_squared);
      const Magnitude& tau = layer.range.tau;
      squared_signal_[i] = tau * tau * Magnitude::from(layer.sums.alpha_alpha);
    }
  }
}

void ConditionalEngine::backward(std::uint32_t replica, NetworkSample& sample) const {
  Gradient gradient = output_gradient();
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l);
    if (l < network_.L) gradient = step_down(replica, l, gradient);
    sample.backward[i - 1] = gradient.squared_norm;
    sample.weight_gradient[i - 1] = gradient.squared_norm * squared_signal_[i - 1];
  }
}

/// δ^L = v = ν/|ν|, ν ~ N(0, I), which the last layer's pass drew in the place of ξ, with slopes 1.
ConditionalEngine::Gradient ConditionalEngine::output_gradient() const {
  const LayerSums& last = layers_.back().sums;
  return {Magnitude::from(1), last.epsilon_slope_xi / std::sqrt(last.slope_xi_squared)};
}

/// From δ^{l+1} to δ^l = φ'(z^l) ⊙ (W^{l+1})ᵀδ^{l+1} = √k |δ^{l+1}| d, d = σ ⊙ (ξ + βα/|α|).
ConditionalEngine::Gradient ConditionalEngine::step_down(std::uint32_t replica, std::int32_t l,
                                                         const Gradient& above) const {
  const Layer& here = layers_[static_cast<std::size_t>(l) - 1];
  const Layer& next = layers_[static_cast<std::size_t>(l)];
  const LayerSums& s = here.sums;
  const double alpha_norm = std::sqrt(s.alpha_alpha);
  double b = 0;  // β/|α|; nothing was revealed by a = 0
  if (alpha_norm > 0) {
    const double forgotten = (1 - next.root_one_minus_rho) * (s.alpha_xi / alpha_norm);
    b = (next.root_rho * above.epsilon_projection - forgotten) / alpha_norm;
  }
  double d2 = std::fma(b, std::fma(b, s.slope_alpha_squared, 2 * s.slope2_xi_alpha), s.slope_xi_squared);
  double epsilon_d = std::fma(b, s.epsilon_slope_alpha, s.epsilon_slope_xi);
  if (d2 <= cancellation_limit * std::fma(b * b, s.slope_alpha_squared, s.slope_xi_squared)) {
    const GradientSums exact = sum_gradient(pass(replica, l, here.range), b);
    throw_if_stopped(*stop_);
    d2 = exact.d_squared;
    epsilon_d = exact.epsilon_d;
  }
  const double projection = d2 > 0 ? epsilon_d / std::sqrt(d2) : 0.0;
  return {network_.k * above.squared_norm * Magnitude::from(d2), projection};
}

}  // namespace varprop
