#include "workers/two_inputs/pair_engine.hpp"

#include <cmath>

#include "workers/network/random_network.hpp"
#include "workers/network/signal_range.hpp"

namespace varprop::workers {

template <class PairWeights>
PairEngine<PairWeights>::PairEngine(const Point& point, const NetworkSettings& settings, const PointKey& key)
    : network_(point, settings, key),
      input_correlation_(settings.input_correlation.value()),
      layers_(static_cast<std::size_t>(network_.L)) {}

template <class PairWeights>
void PairEngine<PairWeights>::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  stop_ = &stop;
  if (forward(replica, sample)) backward(replica, sample);
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

/// What W^l makes of the signals is told by their difference, of their true sizes where φ needs to know them.
template <class PairWeights>
PairOutcome PairEngine<PairWeights>::through_weights(std::int32_t l, const PairOutcome& signal,
                                                     const PairSizes& sizes) const {
  const auto c = cosine_of(signal.geometry);
  if (!c || keeps_scaled(network_.plan_range, sizes, l == network_.L)) return signal;
  return {DifferenceGeometry::with_ratio(signal.geometry.u_squared, *c, signal.ratio)};
}

/// Through W^l: the pre-activations z^l, and their sums.
template <class PairWeights>
void PairEngine<PairWeights>::enter(std::uint32_t replica, std::int32_t l, const PairOutcome& signal) {
  constexpr Slopes no_activation{1, 1};
  Layer& layer = layers_[static_cast<std::size_t>(l) - 1];
  const Magnitude from_weights = network_.k * signal.geometry.u_squared;
  const Magnitude s2 = from_weights + network_.sigma_b2;
  const Magnitude s = s2.square_root();
  PairPassage& passage = layer.passage;
  const auto sizes = [&](const PairOutcome& of) {
    return PairSizes{s, (network_.k * of.geometry.e_squared).square_root(), of.ratio};
  };
  PairOutcome entering = through_weights(l, signal, sizes(signal));
  if (both_alive_ && network_.plan_range.explodes(sizes(entering).second())) {  // it is followed no further
    both_alive_ = false;
    entering = {{signal.geometry.u_squared, Magnitude()}};
  }
  passage.signal = entering.geometry;
  layer.sizes = sizes(entering);
  passage.root_rho = s2.zero() ? 0 : (from_weights / s2).square_root().to_double();
  passage.root_one_minus_rho = s2.zero() ? 1 : (network_.sigma_b2 / s2).square_root().to_double();
  if (l < network_.L) {
    layer.range = plan_pair(network_.plan_range, layer.sizes);
  } else {
    layer.range = {no_activation, 1, 0, true, s, layer.sizes.s_w, layer.sizes.step()};
  }
  if (PairWeights::needs_directions()) {
    passage.directions = sum_directions(pass(replica, l, layer).streams, network_.n, stop_);
    throw_if_stopped(*stop_);
  }
  passage.mixture = PairWeights::mixture(passage, network_.n);
  sum(replica, l, layer);
}

template <class PairWeights>
void PairEngine<PairWeights>::sum(std::uint32_t replica, std::int32_t l, Layer& layer) {
  layer.sums = sum_pair(pass(replica, l, layer));
  throw_if_stopped(*stop_);
}

/// Sums layer l anew, each signal by itself and in the units of its largest value and slope, if one lies so
/// deep in a tail of φ that doubles lose it.
template <class PairWeights>
void PairEngine<PairWeights>::redo_in_tail(std::uint32_t replica, std::int32_t l, Layer& layer,
                                           bool both_alive) {
  const PairSums& sums = layer.sums;
  const PairTails tails(
      network_.plan_range, layer.sizes,
      {sums.slope_squared, sums.alpha_alpha, sums.second_slope_squared, sums.second_alpha_squared},
      both_alive);
  if (!tails.any()) return;
  layer.range = tails.direct();
  const PairTailUnits units = find_tail_units(pass(replica, l, layer));
  throw_if_stopped(*stop_);
  layer.range = tails.in_units(units);
  sum(replica, l, layer);
}

/// |φ(z₁^L)|²: the first signal is told alone, by a second that is no distance away.
template <class PairWeights>
Magnitude PairEngine<PairWeights>::squared_last_activations(std::uint32_t replica) {
  Layer last = layers_.back();
  last.sizes = {last.sizes.s, Magnitude()};
  last.range = plan_pair(network_.plan_range, last.sizes);
  sum(replica, network_.L, last);
  redo_in_tail(replica, network_.L, last, false);
  return last.range.tau * last.range.tau * Magnitude::from(last.sums.alpha_alpha);
}

/// Through φ: the signals a^l.
template <class PairWeights>
PairOutcome PairEngine<PairWeights>::leave(Layer& layer) {
  const PairSums& s = layer.sums;
  if ((s.alpha_alpha == 0 || s.second_alpha_squared == 0) && network_.sigma_b2.zero()) both_alive_ = false;
  const bool apart = layer.range.apart();  // where Δ is α₂
  const ComparedSums sums{s.alpha_alpha, apart ? 0 : s.alpha_delta, apart ? 0 : s.delta_delta,
                          s.second_alpha_squared, apart ? s.alpha_delta : 0};
  layer.basis = basis_of(sums, layer.range, network_, both_alive_);
  return outcome_of(sums, layer.basis, layer.range, layer.sizes, network_, both_alive_);
}

template <class PairWeights>
bool PairEngine<PairWeights>::forward(std::uint32_t replica, NetworkSample& sample) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  PairOutcome signal{input(replica)};
  both_alive_ = true;
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    enter(replica, l, signal);
    Layer& layer = layers_[i];
    if (l < network_.L && network_.plan_range.explodes(layer.sizes.s)) {
      sample.explode(l);
      return false;
    }
    const Magnitude s_w = layer.sizes.s_w;
    const auto z =
        DifferenceGeometry::from_sums(layer.sums.zeta_zeta, layer.sums.zeta_omega, layer.sums.omega_omega,
                                      layer.sizes.s * layer.sizes.s, s_w * s_w, network_.n);
    sample.forward[i] = z.u_squared / n;
    sample.correlation[i] = both_alive_ ? cosine_of(z) : std::nullopt;
    if (l == network_.L) break;
    redo_in_tail(replica, l, layer, both_alive_);
    signal = leave(layer);
    if (sample.asks_for_activations()) sample.activations[i] = signal.geometry.u_squared / n;
  }
  if (sample.asks_for_activations()) sample.activations.back() = squared_last_activations(replica) / n;
  return true;
}

template <class PairWeights>
void PairEngine<PairWeights>::backward(std::uint32_t replica, NetworkSample& sample) {
  Gradient gradient = output_gradient(replica);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    if (l < network_.L) gradient = step_down(replica, l, gradient);
    sample.backward[i] = gradient.norms.u_squared;
    sample.weight_gradient[i] = gradient.norms.u_squared * layers_[i].passage.signal.u_squared;
    const bool both = (both_alive_ && gradient.second_alive) || l == network_.L;
    sample.gradient_correlation[i] = both ? cosine_of(gradient.norms) : std::nullopt;
  }
}

/// δ₁ = δ₂ = v = ν/|ν|, ν drawn in the place of ξ₁ where slopes are 1.
template <class PairWeights>
auto PairEngine<PairWeights>::output_gradient(std::uint32_t replica) const -> Gradient {
  const auto sums = sum_gradient(replica, network_.L, GradientMixture{});
  return measured(sums, equal_vectors(Magnitude::from(1)));
}

template <class PairWeights>
PairGradientSums PairEngine<PairWeights>::sum_gradient(std::uint32_t replica, std::int32_t l,
                                                       const GradientMixture& mixture) const {
  const auto sums = sum_pair_gradient(pass(replica, l, layers_[static_cast<std::size_t>(l) - 1]), mixture);
  throw_if_stopped(*stop_);
  return sums;
}

/// From layer l + 1 to layer l. With |f| = |δ₂ − δ₁| at l + 1 and the bend φ'(z₂) − φ'(z₁) each in units of
/// their sizes, the larger size is taken out of the difference.
template <class PairWeights>
auto PairEngine<PairWeights>::step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const
    -> Gradient {
  const Layer& here = layers_[static_cast<std::size_t>(l) - 1];
  const PairPassage& through = layers_[static_cast<std::size_t>(l)].passage;
  if (above.norms.u_squared.zero()) return Gradient{};
  const SignalSpan span(here.sums, here.basis, through.signal.squared_sine == 0);
  GradientMixture mixture = PairWeights::gradient(through, span, here.sums, above.projections);
  const Magnitude share = (above.norms.e_squared / above.norms.u_squared).square_root();
  const Magnitude unit = larger(share, here.range.bending);
  mixture.turn = share.to_double();
  if (!unit.zero()) {
    mixture.share = (share / unit).to_double();
    mixture.bending = (here.range.bending / unit).to_double();
  }
  PairGradientSums sums = sum_gradient(replica, l, mixture);
  const Magnitude& upsilon = here.range.upsilon();
  const Magnitude gain =
      PairWeights::gain(network_.k, network_.n) * above.norms.u_squared * (upsilon * upsilon);
  const Magnitude squared_norm = gain * Magnitude::from(sums.first_first);
  if (squared_norm.zero()) return Gradient{};
  if (sums.second_second == 0 || !above.second_alive) {
    Gradient alone = measured(sums, equal_vectors(squared_norm));
    alone.second_alive = false;
    return alone;
  }
  const ComparedSums compared{sums.first_first, sums.first_difference, sums.difference_difference,
                              sums.second_second, sums.first_second};
  EqualNorms equal = compare(compared, squared_norm, unit, here.range.apart(), network_.n);
  if (worth_refining(equal, network_.n)) equal = refine(replica, l, mixture, equal, sums);
  return measured(sums, equal);
}

/// Nearly parallel gradients that were compared by themselves: once more, with e' formed neuron by neuron.
template <class PairWeights>
EqualNorms PairEngine<PairWeights>::refine(std::uint32_t replica, std::int32_t l, GradientMixture mixture,
                                           const EqualNorms& rough, PairGradientSums& sums) const {
  mixture.share = mixture.bending = 0;
  mixture.of_first = -1 / std::sqrt(sums.first_first);
  mixture.of_second = 1 / std::sqrt(sums.second_second);
  sums = sum_gradient(replica, l, mixture);
  return refined(rough, sums.difference_difference, network_.n);
}

template <class PairWeights>
auto PairEngine<PairWeights>::measured(const PairGradientSums& s, const EqualNorms& e) const -> Gradient {
  const double first = s.first_first > 0 ? 1 / std::sqrt(s.first_first) : 0;
  const auto difference = [&e](double of_first, double of_difference, double of_second) {
    return e.of_u * of_first + e.of_f * of_difference + e.of_v * of_second;
  };
  return {e.geometry,
          {s.epsilon_1_first * first, s.epsilon_2_first * first,
           difference(s.epsilon_1_first, s.epsilon_1_difference, s.epsilon_1_second),
           difference(s.epsilon_2_first, s.epsilon_2_difference, s.epsilon_2_second), e.geometry.cosine,
           std::sqrt(e.geometry.squared_sine)}};
}

template class PairEngine<GaussianPairWeights>;
template class PairEngine<OrthogonalPairWeights>;

}  // namespace varprop::workers
