#include <algorithm>
#include <cmath>

#include "workers/dense/dense_engine.hpp"
#include "workers/network/signal_range.hpp"

namespace varprop::workers {

namespace {

void scale(std::vector<double>& v, double factor) {
  for (double& x : v) x *= factor;
}

}  // namespace

DensePairEngine::DensePairEngine(const Point& point, const NetworkSettings& settings, const PointKey& key)
    : network_(point, settings, key),
      weights_(network_),
      input_correlation_(settings.input_correlation.value()),
      layers_(static_cast<std::size_t>(network_.L)),
      first_signal_(padded(network_.n)),
      signal_difference_(padded(network_.n)),
      first_gradient_(padded(network_.n)),
      gradient_difference_(padded(network_.n)),
      y_first_(padded(network_.n)),
      y_difference_(padded(network_.n)),
      second_gradient_(padded(network_.n)),
      room_(PairArrays::count * padded(network_.n)) {
  for (Layer& layer : layers_) layer.zeta.resize(padded(network_.n)), layer.omega.resize(padded(network_.n));
}

void DensePairEngine::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  if (forward(replica, sample)) backward(replica, sample);
}

void DensePairEngine::normalize(Vector& first, Vector& difference) {
  for (Vector* v : {&first, &difference}) {
    const double squared = inner_product(*v, *v);
    if (squared > 0) scale(*v, 1 / std::sqrt(squared));
  }
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
  const Magnitude square = network_.input_mean_square * Magnitude::from(norm);
  signal_ = {square, square * Magnitude::from(2 * apart), cosine, squared_sine};
}

bool DensePairEngine::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  draw_inputs(replica);
  ratio_ = Magnitude::from(1);
  both_alive_ = true;
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    Layer& layer = layers_[i];
    preactivate(replica, l);
    if (l < network_.L && network_.plan_range.explodes(layer.sizes.s)) {
      sample.explode(l);
      return false;
    }
    const auto z = DifferenceGeometry::from_sums(
        inner_product(layer.zeta, layer.zeta), inner_product(layer.zeta, layer.omega),
        inner_product(layer.omega, layer.omega), layer.sizes.s * layer.sizes.s,
        layer.sizes.s_w * layer.sizes.s_w, network_.n);
    sample.forward[i] = z.u_squared / n;
    sample.correlation[i] = both_alive_ ? cosine_of(z) : std::nullopt;
    if (l == network_.L) break;
    activate(layer);
    redo_in_tail(layer, both_alive_);
    leave(layer);
    if (sample.asks_for_activations()) sample.activations[i] = signal_.u_squared / n;
  }
  if (sample.asks_for_activations()) sample.activations.back() = squared_last_activations() / n;
  return true;
}

/// |φ(z₁^L)|²: the first signal is told alone, by a second that is no distance away.
Magnitude DensePairEngine::squared_last_activations() {
  Layer& last = layers_.back();
  last.sizes = {last.sizes.s, Magnitude()};
  last.range = plan_pair(network_.plan_range, last.sizes);
  activate(last);
  redo_in_tail(last, false);
  const std::span<const double> alpha = arrays().alpha;
  return last.range.tau * last.range.tau * Magnitude::from(inner_product(alpha, alpha));
}

/// Where φ sees the true size of a second signal that is compared with the first: e = a₂ − a₁ again.
void DensePairEngine::unscale_signal() {
  const auto c = cosine_of(signal_);
  if (!c) return;
  const double of_signal = ratio_.to_double() - 1;
  const double of_difference = (ratio_ * (signal_.e_squared / signal_.u_squared).square_root()).to_double();
  for (std::size_t i = 0; i < first_signal_.size(); ++i) {
    signal_difference_[i] = of_signal * first_signal_[i] + of_difference * signal_difference_[i];
  }
  normalize(first_signal_, signal_difference_);
  signal_ = DifferenceGeometry::with_ratio(signal_.u_squared, *c, ratio_);
  ratio_ = Magnitude::from(1);
}

/// ζ = √ρ N â₁ + √(1−ρ) b and ω = N ê, N and b standard normal, ê the direction of a₂ − a₁.
void DensePairEngine::preactivate(std::uint32_t replica, std::int32_t l) {
  Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  layer.squared_signal = signal_.u_squared;
  const Magnitude from_weights = network_.k * signal_.u_squared;
  const Magnitude s2 = from_weights + network_.sigma_b2;
  const auto sizes = [&] {
    return PairSizes{s2.square_root(), (network_.k * signal_.e_squared).square_root(), ratio_};
  };
  if (!keeps_scaled(network_.plan_range, sizes(), l == network_.L)) unscale_signal();
  if (both_alive_ && network_.plan_range.explodes(sizes().second())) {  // it is followed no further
    both_alive_ = false;
    signal_ = {signal_.u_squared, Magnitude()};
    ratio_ = Magnitude::from(1);
  }
  layer.sizes = sizes();
  layer.range = plan_pair(network_.plan_range, layer.sizes);
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

void DensePairEngine::activate(const Layer& layer) {
  activate_pair({network_.activation, layer.range}, network_.n, layer.zeta, layer.omega, arrays());
}

/// Anew, each signal by itself and in the units of its largest value and slope, where doubles lose one in a
/// tail.
void DensePairEngine::redo_in_tail(Layer& layer, bool both_alive) {
  const PairArrays at = arrays();
  const PairTails tails(
      network_.plan_range, layer.sizes,
      {inner_product(at.slope, at.slope), inner_product(at.alpha, at.alpha),
       inner_product(at.second_slope, at.second_slope), inner_product(at.second_alpha, at.second_alpha)},
      both_alive);
  if (!tails.any()) return;
  layer.range = tails.direct();
  layer.range =
      tails.in_units(find_tail_units({network_.activation, layer.range}, layer.zeta, layer.omega, at.alpha));
  activate(layer);
}

/// The signals a^l of both inputs.
void DensePairEngine::leave(const Layer& layer) {
  const PairArrays at = arrays();
  const double uu = inner_product(at.alpha, at.alpha), vv = inner_product(at.second_alpha, at.second_alpha);
  if ((uu == 0 || vv == 0) && network_.sigma_b2.zero()) both_alive_ = false;
  const ComparedSums sums{uu, inner_product(at.alpha, at.difference),
                          inner_product(at.difference, at.difference), vv,
                          inner_product(at.alpha, at.second_alpha)};
  const PairOutcome out = outcome_of(sums, basis_of(sums, layer.range, network_, both_alive_), layer.range,
                                     layer.sizes, network_, both_alive_);
  for (std::size_t i = 0; i < first_signal_.size(); ++i) {
    first_signal_[i] = at.alpha[i];
    signal_difference_[i] = out.of_alpha * at.alpha[i] + out.of_delta * at.difference[i];
  }
  normalize(first_signal_, signal_difference_);
  signal_ = out.geometry;
  ratio_ = out.ratio;
}

void DensePairEngine::backward(std::uint32_t replica, NetworkSample& sample) {
  draw_normals(network_.stream(replica, network_.L, Purpose::output), network_.n, first_gradient_);
  std::fill(gradient_difference_.begin(), gradient_difference_.end(), 0.0);
  normalize(first_gradient_, gradient_difference_);
  gradient_ = {Magnitude::from(1), Magnitude()};
  second_gradient_alive_ = true;
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    if (l < network_.L) step_down(replica, l);
    sample.backward[i] = gradient_.u_squared;
    sample.weight_gradient[i] = gradient_.u_squared * layers_[i].squared_signal;
    const bool both = (both_alive_ && second_gradient_alive_) || l == network_.L;
    sample.gradient_correlation[i] = both ? cosine_of(gradient_) : std::nullopt;
  }
}

/// δ₁ = φ'(z₁) ⊙ Wᵀδ₁, δ₂ = φ'(z₂) ⊙ Wᵀδ₂ and f = φ'(z₂) ⊙ Wᵀe + (φ'(z₂) − φ'(z₁)) ⊙ Wᵀδ₁, the larger of the
/// two sizes taken out.
void DensePairEngine::step_down(std::uint32_t replica, std::int32_t l) {
  const Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  if (gradient_.u_squared.zero()) return;
  weights_.apply_transposed(replica, l + 1, first_gradient_, y_first_, *stop_);
  weights_.apply_transposed(replica, l + 1, gradient_difference_, y_difference_, *stop_);
  activate(layer);
  const PairArrays at = arrays();
  const Magnitude share = (gradient_.e_squared / gradient_.u_squared).square_root();
  const Magnitude unit = larger(share, layer.range.bending);
  const double moved = unit.zero() ? 0 : (share / unit).to_double();
  const double bent = unit.zero() ? 0 : (layer.range.bending / unit).to_double();
  const double turn = share.to_double();
  for (std::size_t j = 0; j < y_first_.size(); ++j) {
    first_gradient_[j] = at.slope[j] * y_first_[j];
    second_gradient_[j] = at.second_slope[j] * std::fma(turn, y_difference_[j], y_first_[j]);
    gradient_difference_[j] =
        moved * (at.second_slope[j] * y_difference_[j]) + bent * (at.bend[j] * y_first_[j]);
  }
  compare_gradients(layer, unit);
}

/// The geometry of both gradients, and the direction of e.
void DensePairEngine::compare_gradients(const Layer& layer, const Magnitude& unit) {
  const ComparedSums sums{
      inner_product(first_gradient_, first_gradient_), inner_product(first_gradient_, gradient_difference_),
      inner_product(gradient_difference_, gradient_difference_),
      inner_product(second_gradient_, second_gradient_), inner_product(first_gradient_, second_gradient_)};
  const Magnitude& upsilon = layer.range.upsilon();
  const Magnitude u_squared =
      network_.k * gradient_.u_squared * (upsilon * upsilon) * Magnitude::from(sums.uu);
  if (sums.vv == 0) second_gradient_alive_ = false;
  EqualNorms e = equal_vectors(u_squared);
  if (!u_squared.zero() && second_gradient_alive_)
    e = compare(sums, u_squared, unit, layer.range.apart(), network_.n);
  const double of_first = e.by_itself ? -1 / std::sqrt(sums.uu) : e.of_u;
  const double of_second = e.by_itself ? 1 / std::sqrt(sums.vv) : 0;
  for (std::size_t j = 0; j < first_gradient_.size(); ++j) {
    gradient_difference_[j] =
        of_first * first_gradient_[j] + e.of_f * gradient_difference_[j] + of_second * second_gradient_[j];
  }
  if (e.by_itself) e = refined(e, inner_product(gradient_difference_, gradient_difference_), network_.n);
  gradient_ = e.geometry;
  normalize(first_gradient_, gradient_difference_);
}

}  // namespace varprop::workers
