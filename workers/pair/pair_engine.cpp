#include "workers/pair/pair_engine.hpp"

#include <cmath>

#include "workers/network_input.hpp"

namespace varprop {

template <class PairWeights>
PairEngine<PairWeights>::PairEngine(const Point& point, const Ensemble& ensemble, const PointKey& key)
    : network_(point, ensemble, key),
      input_correlation_(ensemble.input_correlation.value()),
      layers_(static_cast<std::size_t>(network_.L)) {}

template <class PairWeights>
void PairEngine<PairWeights>::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  forward(replica, sample);
  backward(replica, sample);
}

/// Two inputs of equal norm: |x₂ − x₁|² = 2|x|²(1 − c_0), at an angle of cosine −√((1 − c_0)/2) to x₁.
template <class PairWeights>
DifferenceGeometry PairEngine<PairWeights>::input(std::uint32_t replica) const {
  const Magnitude norm = squared_input(network_, replica, *stop_);
  const double apart = 1 - input_correlation_;
  if (apart == 0) return {norm, Magnitude()};
  const bool parallel = network_.n == 1;
  return {norm, norm * Magnitude::from(2 * apart), parallel ? -1 : -std::sqrt(apart / 2),
          parallel ? 0 : (1 + input_correlation_) / 2};
}

template <class PairWeights>
PairPass PairEngine<PairWeights>::pass(std::uint32_t replica, std::int32_t l, const Layer& layer) const {
  const auto stream = [&](Purpose purpose) { return network_.stream(replica, l, purpose); };
  return {{network_.activation, layer.range},
          layer.passage.mixture,
          {stream(Purpose::preactivation), stream(Purpose::second_preactivation), stream(Purpose::bias),
           stream(l == network_.L ? Purpose::output : Purpose::transpose), stream(Purpose::second_transpose)},
          network_.n,
          stop_};
}

/// Through W^l: the pre-activations z^l, and their sums.
template <class PairWeights>
void PairEngine<PairWeights>::enter(std::uint32_t replica, std::int32_t l, const DifferenceGeometry& signal) {
  constexpr Slopes no_activation{1, 1};
  Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  const Magnitude from_weights = network_.k * signal.u_squared;
  const Magnitude s2 = from_weights + network_.sigma_b2;
  PairPassage& passage = layer.passage;
  passage.signal = signal;
  passage.root_rho = s2.zero() ? 0 : (from_weights / s2).square_root().to_double();
  passage.root_one_minus_rho = s2.zero() ? 1 : (network_.sigma_b2 / s2).square_root().to_double();
  const Magnitude s_w = (network_.k * signal.e_squared).square_root();
  layer.range = plan_pair(network_.plan_range, s2.square_root(), s_w);
  if (l == network_.L) layer.range.linear = no_activation, layer.range.scale = 1;
  if (PairWeights::needs_directions()) {
    passage.directions = sum_directions(pass(replica, l, layer).streams, network_.n, stop_);
    throw_if_stopped(*stop_);
  }
  passage.mixture = PairWeights::mixture(passage, network_.n);
  layer.sums = sum_pair(pass(replica, l, layer));
  throw_if_stopped(*stop_);
}

/// Through φ: the signals a^l.
template <class PairWeights>
DifferenceGeometry PairEngine<PairWeights>::leave(const Layer& layer) {
  const PairSums& s = layer.sums;
  const PairRange& range = layer.range;
  if ((s.alpha_alpha == 0 || s.second_alpha_squared == 0) && network_.sigma_b2.zero()) both_alive_ = false;
  auto signal = DifferenceGeometry::from_sums(s.alpha_alpha, s.alpha_delta, s.delta_delta,
                                              range.tau * range.tau, range.unit * range.unit, network_.n);
  if (!both_alive_) signal = {signal.u_squared, Magnitude()};
  return signal;
}

template <class PairWeights>
void PairEngine<PairWeights>::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  DifferenceGeometry signal = input(replica);
  both_alive_ = true;
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    enter(replica, l, signal);
    const Layer& layer = layers_[i];
    const Magnitude s2 = network_.k * signal.u_squared + network_.sigma_b2;
    const auto z = DifferenceGeometry::from_sums(layer.sums.zeta_zeta, layer.sums.zeta_omega,
                                                 layer.sums.omega_omega, s2,
                                                 layer.range.unit * layer.range.unit, network_.n);
    sample.forward[i] = z.u_squared / n;
    sample.correlation[i] = both_alive_ ? cosine_of(z) : std::nullopt;
    if (l == network_.L) break;
    network_.require_no_tail(l, s2, layer.sums.slope_squared, layer.sums.alpha_alpha);
    signal = leave(layer);
  }
}

template <class PairWeights>
void PairEngine<PairWeights>::backward(std::uint32_t replica, NetworkSample& sample) {
  Gradient gradient = output_gradient(replica);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    if (l < network_.L) gradient = step_down(replica, l, gradient);
    sample.backward[i] = gradient.norms.u_squared;
    sample.weight_gradient[i] = gradient.norms.u_squared * layers_[i].passage.signal.u_squared;
    const bool both = both_alive_ || l == network_.L;
    sample.gradient_correlation[i] = both ? cosine_of(gradient.norms) : std::nullopt;
  }
}

/// δ₁ = δ₂ = v = ν/|ν|, ν drawn in the place of ξ₁ where slopes are 1.
template <class PairWeights>
auto PairEngine<PairWeights>::output_gradient(std::uint32_t replica) const -> Gradient {
  const auto sums = sum_pair_gradient(pass(replica, network_.L, layers_.back()), GradientMixture{});
  throw_if_stopped(*stop_);
  const Magnitude to_unit = Magnitude::from(1) / Magnitude::from(sums.first_first);
  Gradient gradient = measured(sums, to_unit, Magnitude());
  gradient.norms.u_squared = Magnitude::from(1);
  return gradient;
}

/// From layer l + 1 to layer l. With |f| = |δ₂ − δ₁| at l + 1 and the bend φ'(z₂) − φ'(z₁) each in units of
/// their sizes, the larger size is taken out of the difference.
template <class PairWeights>
auto PairEngine<PairWeights>::step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const
    -> Gradient {
  const Layer& here = layers_[static_cast<std::size_t>(l) - 1];
  const PairPassage& through = layers_[static_cast<std::size_t>(l)].passage;
  if (above.norms.u_squared.zero()) return Gradient{};
  const SignalSpan span(here.sums, through.signal);
  GradientMixture mixture = PairWeights::gradient(through, span, here.sums, above.projections);
  const Magnitude share = (above.norms.e_squared / above.norms.u_squared).square_root();
  const Magnitude unit = larger(share, here.range.bending);
  if (!unit.zero()) {
    mixture.share = (share / unit).to_double();
    mixture.bending = (here.range.bending / unit).to_double();
  }
  const auto sums = sum_pair_gradient(pass(replica, l, here), mixture);
  throw_if_stopped(*stop_);
  const Magnitude gain = PairWeights::gain(network_.k, network_.n) * above.norms.u_squared;
  return measured(sums, gain, gain * unit * unit);
}

template <class PairWeights>
auto PairEngine<PairWeights>::measured(const PairGradientSums& s, const Magnitude& first_unit_squared,
                                       const Magnitude& difference_unit_squared) const -> Gradient {
  const auto norms = DifferenceGeometry::from_sums(s.first_first, s.first_difference, s.difference_difference,
                                                   first_unit_squared, difference_unit_squared, network_.n);
  const double first = s.first_first > 0 ? 1 / std::sqrt(s.first_first) : 0;
  const double difference = s.difference_difference > 0 ? 1 / std::sqrt(s.difference_difference) : 0;
  return {norms,
          {s.epsilon_1_first * first, s.epsilon_2_first * first, s.epsilon_1_difference * difference,
           s.epsilon_2_difference * difference, norms.cosine, std::sqrt(norms.squared_sine)}};
}

template class PairEngine<GaussianPairWeights>;
template class PairEngine<OrthogonalPairWeights>;

}  // namespace varprop
