#include "workers/streams/pair_branch.hpp"

#include <cmath>

namespace varprop::workers {

namespace {

/// a₁ and a₂ − a₁ of signals that were evaluated each by itself: sums of α and α₂.
DifferenceGeometry difference_of_apart(const ComparedSums& s, const PairRange& range, std::int64_t n) {
  const Magnitude u_squared = range.tau * range.tau * Magnitude::from(s.uu);
  const Magnitude v_squared = range.unit * range.unit * Magnitude::from(s.vv);
  if (u_squared.zero()) return {u_squared, v_squared};
  if (v_squared.zero()) return {u_squared, u_squared, -1, 0};
  const EqualNorms e = compare_by_itself(s, u_squared, n);
  return DifferenceGeometry::with_ratio(u_squared, *cosine_of(e.geometry),
                                        (v_squared / u_squared).square_root());
}

/// Σ of δ₁ and δ₂ − δ₁, and with ε₁, ε₂.
struct FirstAndDifference {
  double ff, fd, dd;
  double epsilon_1_difference, epsilon_2_difference;
  Magnitude unit;  ///< of the difference
};

/// By δ₂ itself where the two were evaluated apart, υ₂/υ₁ = ratio, in units of the larger. What is left by
/// rounding is nothing.
FirstAndDifference by_second(const PairGradientSums& s, const Magnitude& ratio) {
  constexpr double rounding = 1e-28;
  const Magnitude unit = larger(ratio, Magnitude::from(1));
  const double a = (Magnitude::from(1) / unit).to_double(), b = (ratio / unit).to_double();
  const double both = b * b * s.second_second + a * a * s.first_first;
  const double squared = both - 2 * a * b * s.first_second;
  const bool equal = squared <= rounding * both;
  return {s.first_first,
          equal ? 0 : b * s.first_second - a * s.first_first,
          equal ? 0 : squared,
          equal ? 0 : b * s.epsilon_1_second - a * s.epsilon_1_first,
          equal ? 0 : b * s.epsilon_2_second - a * s.epsilon_2_first,
          unit};
}

}  // namespace

PairBranch::PairBranch(const StreamNetwork& network, const PointKey& key)
    : k_in_(network.variance[MatrixRole::in]),
      k_out_(network.variance[MatrixRole::out]),
      network_(network, network.m, key),
      hidden_(static_cast<std::size_t>(network.L)) {}

PairPassage PairBranch::passage(const Magnitude& k, const DifferenceGeometry& signal) const {
  const Magnitude from_weights = k * signal.u_squared, s2 = from_weights + network_.sigma_b2;
  PairPassage passage;
  passage.signal = signal;
  passage.root_rho = s2.zero() ? 0 : (from_weights / s2).square_root().to_double();
  passage.root_one_minus_rho = s2.zero() ? 1 : (network_.sigma_b2 / s2).square_root().to_double();
  passage.mixture = GaussianPairWeights::mixture(passage, network_.n);
  return passage;
}

/// As the pair engine's, but that a second signal which dwarfs the first is told by itself, straight lines or
/// not.
PairRange PairBranch::plan(const PairSizes& sizes) const {
  const PairRange range = plan_pair(network_.plan_range, sizes);
  if (range.apart() || sizes.s.zero() || sizes.step().below_power(20)) return range;
  return plan_apart(network_.plan_range(sizes.s), network_.plan_range(sizes.second()), sizes);
}

PairPass PairBranch::pass(const LayerOfNetwork& at, const Hidden& hidden) const {
  const auto stream = [&](Purpose purpose) { return at.stream(network_.key, purpose); };
  return {{network_.activation, hidden.range},
          hidden.in.mixture,
          {stream(Purpose::preactivation), stream(Purpose::second_preactivation), stream(Purpose::bias),
           stream(Purpose::transpose), stream(Purpose::second_transpose)},
          network_.n,
          &at.stop};
}

void PairBranch::sum(const LayerOfNetwork& at, Hidden& hidden) const {
  hidden.sums = sum_pair(pass(at, hidden));
  throw_if_stopped(at.stop);
}

/// As the pair engine does.
void PairBranch::redo_in_tail(const LayerOfNetwork& at, Hidden& hidden, bool both) const {
  const PairSums& sums = hidden.sums;
  const PairTails tails(
      network_.plan_range, hidden.sizes,
      {sums.slope_squared, sums.alpha_alpha, sums.second_slope_squared, sums.second_alpha_squared}, both);
  if (!tails.any()) return;
  hidden.range = tails.direct();
  const PairTailUnits units = find_tail_units(pass(at, hidden));
  throw_if_stopped(at.stop);
  hidden.range = tails.in_units(units);
  sum(at, hidden);
}

DifferenceGeometry PairBranch::leave(Hidden& hidden, bool both) const {
  const PairSums& s = hidden.sums;
  const bool apart = hidden.range.apart();  // where Δ is α₂
  const ComparedSums sums{s.alpha_alpha, apart ? 0 : s.alpha_delta, apart ? 0 : s.delta_delta,
                          s.second_alpha_squared, apart ? s.alpha_delta : 0};
  hidden.basis = basis_of(sums, hidden.range, network_, both);
  if (!both || !apart) return hidden.basis;
  return difference_of_apart(sums, hidden.range, network_.n);
}

PairImage PairBranch::forward(const LayerOfNetwork& at, const DifferenceGeometry& x, bool both,
                              LayerMeasures& measures) {
  Hidden& hidden = hidden_of(at);
  hidden.in = passage(k_in_, x);
  hidden.sizes = {(k_in_ * x.u_squared + network_.sigma_b2).square_root(),
                  (k_in_ * x.e_squared).square_root()};
  hidden.range = plan(hidden.sizes);
  sum(at, hidden);
  redo_in_tail(at, hidden, both);
  hidden.out = passage(k_out_, leave(hidden, both));
  const DifferenceGeometry& a = hidden.out.signal;
  measures.activations = a.u_squared / Magnitude::from(static_cast<double>(network_.n));
  return {(k_out_ * a.u_squared + network_.sigma_b2).square_root(), (k_out_ * a.e_squared).square_root(),
          hidden.out.mixture.along, hidden.out.mixture.across};
}

/// As the pair engine's step down: with |f| and the bend φ'(z₂) − φ'(z₁) each in units of their sizes, the
/// larger size is taken out of the difference.
PairReturn PairBranch::backward(const LayerOfNetwork& at, const GradientsAtImage& D,
                                LayerMeasures& measures) {
  const Hidden& hidden = hidden_of(at);
  const SignalSpan span(hidden.sums, hidden.basis, hidden.out.signal.squared_sine == 0);
  GradientMixture mixture = GaussianPairWeights::gradient(hidden.out, span, hidden.sums, D.to);
  const Magnitude unit = larger(D.share, hidden.range.bending);
  mixture.turn = D.share.to_double();
  if (!unit.zero()) {
    mixture.share = (D.share / unit).to_double();
    mixture.bending = (hidden.range.bending / unit).to_double();
  }
  const PairGradientSums sums = sum_pair_gradient(pass(at, hidden), mixture);
  throw_if_stopped(at.stop);
  const Magnitude& upsilon = hidden.range.upsilon();
  const Magnitude gain = k_out_ * D.squared_first * (upsilon * upsilon);
  const Magnitude squared_delta = gain * Magnitude::from(sums.first_first);
  measures.weight_gradient[MatrixRole::out] = D.squared_first * hidden.out.signal.u_squared;
  measures.weight_gradient[MatrixRole::in] = squared_delta * hidden.in.signal.u_squared;
  measures.bias_gradient = D.squared_first + squared_delta;
  return returned(hidden, sums, k_in_ * gain, unit);
}

PairReturn PairBranch::returned(const Hidden& hidden, const PairGradientSums& s,
                                const Magnitude& squared_gain, const Magnitude& unit) const {
  FirstAndDifference d{s.first_first,          s.first_difference,     s.difference_difference,
                       s.epsilon_1_difference, s.epsilon_2_difference, unit};
  if (hidden.range.apart()) d = by_second(s, hidden.range.second->upsilon / hidden.range.upsilon());
  const auto geometry = DifferenceGeometry::from_sums(d.ff, d.fd, d.dd, squared_gain,
                                                      squared_gain * (d.unit * d.unit), network_.n);
  PairReturn back{geometry.u_squared.square_root(), geometry.e_squared.square_root(), geometry.cosine,
                  std::sqrt(geometry.squared_sine)};
  const double over_first = d.ff > 0 ? 1 / std::sqrt(d.ff) : 0;
  const double over_difference = d.dd > 0 ? 1 / std::sqrt(d.dd) : 0;
  const std::array<double, 2> epsilon_1{s.epsilon_1_first * over_first,
                                        d.epsilon_1_difference * over_difference};
  const std::array<double, 2> epsilon_2{s.epsilon_2_first * over_first,
                                        d.epsilon_2_difference * over_difference};
  const PairPassage& in = hidden.in;
  const double c = in.signal.cosine, sine = std::sqrt(in.signal.squared_sine), r = in.mixture.across;
  const double q = in.root_one_minus_rho, over_r = r > 0 ? 1 / r : 0;
  for (std::size_t j = 0; j < 2; ++j) {
    back.known[0][j] = std::fma(in.root_rho, epsilon_1[j], q * q * c * over_r * epsilon_2[j]);
    back.known[1][j] = sine * over_r * epsilon_2[j];
  }
  back.noise = {
      {{q * over_r * sine * sine, -q * over_r * sine * c}, {-q * over_r * sine * c, q * over_r * c * c}}};
  if (r == 0) back.noise = {{{0, 0}, {0, 1}}};  // of the second nothing new was revealed
  return back;
}

}  // namespace varprop::workers
