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

double ratio_of(const Magnitude& a, const Magnitude& b) {
  return b.zero() ? 0 : (a / b).to_double();
}

/// How much longer the second can be than the first, and than 1.
Magnitude longest(const PairSizes& sizes) {
  return larger(Magnitude::from(1), sizes.step());
}

}  // namespace

PairBranch::PairBranch(const StreamNetwork& network, const PointKey& key, const PointKey& value_key)
    : k_in_(network.variance[has_glu(network.block) ? MatrixRole::gate : MatrixRole::in]),
      k_value_(has_glu(network.block) ? network.variance[MatrixRole::in] : Magnitude()),
      k_out_(network.variance[MatrixRole::out]),
      may_vanish_(network.skip == 0 && network.norm != Norm::none),
      network_(network, network.m, key),
      value_key_(value_key),
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

/// Nothing where h is φ itself, and differences in the units that φ has. Apart, h₂ and slopes may be far
/// longer than the first's.
std::optional<PairHidden> PairBranch::hidden_part(const LayerOfNetwork& at, const Hidden& hidden,
                                                  bool to_values) const {
  const PairRange& range = hidden.range;
  const bool drops = network_.keep < 1;
  if (!gated() && !drops && !range.apart()) return std::nullopt;
  PairHidden part;
  if (gated())
    part.values = {at.stream(value_key_, Purpose::preactivation),
                   at.stream(value_key_, Purpose::second_preactivation)};
  if (drops) part.mask = network_.mask(at.replica, at.l);
  part.to_values = to_values;
  part.step = hidden.sizes.step().to_double();
  part.difference = ratio_of(range.unit, range.tau);
  part.bending = range.bending.to_double();
  if (!range.apart()) return part;
  const auto [first, second] = slope_units(hidden, to_values);
  part.first = ratio_of(first, larger(first, second));
  part.second = ratio_of(second, larger(first, second));
  return part;
}

/// Of what goes back through the first signal's neurons and, apart, through the second's.
std::array<Magnitude, 2> PairBranch::slope_units(const Hidden& hidden, bool to_values) const {
  const PairRange& range = hidden.range;
  if (to_values) return {range.tau, range.unit};
  const Magnitude first = range.upsilon() * hidden.value_size;
  if (!range.apart()) return {first, first};
  const Magnitude second = range.second->upsilon * hidden.value_size;
  return {first, gated() ? second * longest(hidden.sizes) : second};
}

PairPass PairBranch::pass(const LayerOfNetwork& at, const Hidden& hidden, const PairHidden* part) const {
  const auto stream = [&](Purpose purpose) { return at.stream(network_.key, purpose); };
  return {{network_.activation, hidden.range},
          hidden.in.mixture,
          {stream(Purpose::preactivation), stream(Purpose::second_preactivation), stream(Purpose::bias),
           stream(Purpose::transpose), stream(Purpose::second_transpose)},
          network_.n,
          &at.stop,
          part};
}

void PairBranch::sum(const LayerOfNetwork& at, Hidden& hidden) const {
  const auto part = hidden_part(at, hidden, false);
  hidden.sums = sum_pair(pass(at, hidden, part ? &*part : nullptr));
  throw_if_stopped(at.stop);
}

/// As the pair engine does; a product of normals is no tail.
void PairBranch::redo_in_tail(const LayerOfNetwork& at, Hidden& hidden, bool both) const {
  const PairSums& sums = hidden.sums;
  const PairTails tails(
      network_.plan_range, hidden.sizes,
      {sums.slope_squared, sums.value_squared, sums.second_slope_squared, sums.second_value_squared}, both);
  if (!tails.any()) return;
  hidden.range = tails.direct();
  const PairTailUnits units = find_tail_units(pass(at, hidden, nullptr));
  throw_if_stopped(at.stop);
  hidden.range = tails.in_units(units);
  sum(at, hidden);
}

DifferenceGeometry PairBranch::leave(Hidden& hidden, bool both) const {
  const PairSums& s = hidden.sums;
  const bool apart = hidden.range.apart();  // where Δ is that of the second
  PairRange range = hidden.range;
  range.tau = range.tau * hidden.value_size;
  if (apart) range.unit = range.unit * hidden.value_size;
  if (apart && gated()) range.unit = range.unit * longest(hidden.sizes);
  if (!apart && (gated() || network_.keep < 1)) range.unit = range.tau;
  const ComparedSums sums{s.alpha_alpha, apart ? 0 : s.alpha_delta, apart ? 0 : s.delta_delta,
                          s.second_alpha_squared, apart ? s.alpha_delta : 0};
  hidden.basis = basis_of(sums, range, network_, both);
  if (!both || !apart) return hidden.basis;
  return difference_of_apart(sums, range, network_.n);
}

PairImage PairBranch::forward(const LayerOfNetwork& at, const DifferenceGeometry& u, bool both,
                              LayerMeasures& measures) {
  Hidden& hidden = hidden_of(at);
  hidden.in = passage(k_in_, u);
  hidden.sizes = {(k_in_ * u.u_squared + network_.sigma_b2).square_root(),
                  (k_in_ * u.e_squared).square_root()};
  if (gated()) hidden.value_size = (k_value_ * u.u_squared).square_root();
  hidden.range = plan(hidden.sizes);
  sum(at, hidden);
  redo_in_tail(at, hidden, both);
  const Magnitude neurons = Magnitude::from(static_cast<double>(network_.n)), tau = hidden.range.tau;
  measures.activations = tau * tau * Magnitude::from(hidden.sums.value_squared) / neurons;
  hidden.out = passage(k_out_, leave(hidden, both));
  const DifferenceGeometry& h = hidden.out.signal;
  return {(k_out_ * h.u_squared + network_.sigma_b2).square_root(), (k_out_ * h.e_squared).square_root(),
          hidden.out.mixture.along, hidden.out.mixture.across};
}

PairReturn PairBranch::backward(const LayerOfNetwork& at, const GradientsAtImage& D,
                                LayerMeasures& measures) {
  const Hidden& hidden = hidden_of(at);
  const SignalSpan span(hidden.sums, hidden.basis, hidden.out.signal.squared_sine == 0);
  GradientMixture mixture = GaussianPairWeights::gradient(hidden.out, span, hidden.sums, D.to);
  mixture.turn = D.share.to_double();
  const Magnitude& squared_input = hidden.in.signal.u_squared;
  const auto squared_delta = [](const Reader& reader, const Magnitude& k) {
    return k.zero() ? Magnitude() : reader.unit * reader.unit * Magnitude::from(reader.ff) / k;
  };
  measures.weight_gradient[MatrixRole::out] = D.squared_first * hidden.out.signal.u_squared;
  Reader reader = read_back(at, hidden, mixture, D, false);
  const Magnitude at_z = squared_delta(reader, k_in_);
  if (!gated()) {
    measures.weight_gradient[MatrixRole::in] = at_z * squared_input;
    measures.bias_gradient = D.squared_first + at_z;
    return returned(hidden, reader);
  }
  const Reader values = read_back(at, hidden, mixture, D, true);
  measures.weight_gradient[MatrixRole::gate] = at_z * squared_input;
  measures.weight_gradient[MatrixRole::in] = squared_delta(values, k_value_) * squared_input;
  return returned(hidden, reader + values);
}

/// As the pair engine's step down: with |f| and the bend of slopes each in units of their sizes, the larger
/// size is taken out of the difference. Where h is more than φ both are doubles in units of slopes, which
/// differences down to 10⁻¹⁵⁰ of the first are at home in.
PairBranch::Reader PairBranch::read_back(const LayerOfNetwork& at, const Hidden& hidden,
                                         GradientMixture mixture, const GradientsAtImage& D,
                                         bool to_values) const {
  constexpr double nothing = 1e-26;
  const Magnitude& bending = hidden.range.bending;
  const auto part = hidden_part(at, hidden, to_values);
  const auto [first, second] = slope_units(hidden, to_values);
  Magnitude unit = larger(D.share, bending) * first;
  mixture.share = ratio_of(D.share * first, unit);
  mixture.bending = ratio_of(bending * first, unit);
  if (part) {
    unit = hidden.range.apart() ? larger(first, second) : first;
    mixture.share = part->second * mixture.turn;
    mixture.bending = 1;
  }
  PairGradientSums s = sum_pair_gradient(pass(at, hidden, part ? &*part : nullptr), mixture);
  throw_if_stopped(at.stop);
  if (may_vanish_ && s.first_first <= nothing * s.first_fresh) s = {};
  const Magnitude gain = ((to_values ? k_value_ : k_in_) * k_out_ * D.squared_first).square_root();
  return {gain * first,
          gain * unit,
          s.first_first,
          s.first_difference,
          s.difference_difference,
          {s.epsilon_1_first, s.epsilon_2_first},
          {s.epsilon_1_difference, s.epsilon_2_difference}};
}

/// Of two matrices: what either gives back knows nothing of the other's fresh normals.
PairBranch::Reader PairBranch::Reader::operator+(const Reader& other) const {
  Reader sum{larger(unit, other.unit), larger(difference_unit, other.difference_unit), 0, 0, 0, {}, {}};
  for (const Reader* part : {this, &other}) {
    const double a = ratio_of(part->unit, sum.unit), b = ratio_of(part->difference_unit, sum.difference_unit);
    sum.ff += a * a * part->ff;
    sum.fd += a * b * part->fd;
    sum.dd += b * b * part->dd;
    for (std::size_t i = 0; i < 2; ++i) {
      sum.epsilon_first[i] += a * part->epsilon_first[i];
      sum.epsilon_difference[i] += b * part->epsilon_difference[i];
    }
  }
  return sum;
}

PairReturn PairBranch::returned(const Hidden& hidden, const Reader& sum) const {
  const std::int64_t dimension = gated() ? 2 * network_.n : network_.n;
  const auto geometry = DifferenceGeometry::from_sums(sum.ff, sum.fd, sum.dd, sum.unit * sum.unit,
                                                      sum.difference_unit * sum.difference_unit, dimension);
  PairReturn back{geometry.u_squared.square_root(), geometry.e_squared.square_root(), geometry.cosine,
                  std::sqrt(geometry.squared_sine)};
  const double over_first = sum.ff > 0 ? 1 / std::sqrt(sum.ff) : 0;
  const double over_difference = sum.dd > 0 ? 1 / std::sqrt(sum.dd) : 0;
  const PairPassage& in = hidden.in;
  const double c = in.signal.cosine, sine = std::sqrt(in.signal.squared_sine), r = in.mixture.across;
  const double q = in.root_one_minus_rho, over_r = r > 0 ? 1 / r : 0;
  for (std::size_t j = 0; j < 2; ++j) {
    const auto& epsilon = j == 0 ? sum.epsilon_first : sum.epsilon_difference;
    const double over_norm = j == 0 ? over_first : over_difference;
    const double epsilon_1 = epsilon[0] * over_norm, epsilon_2 = epsilon[1] * over_norm;
    back.known[0][j] = std::fma(in.root_rho, epsilon_1, q * q * c * over_r * epsilon_2);
    back.known[1][j] = sine * over_r * epsilon_2;
  }
  back.noise = {
      {{q * over_r * sine * sine, -q * over_r * sine * c}, {-q * over_r * sine * c, q * over_r * c * c}}};
  if (r == 0) back.noise = {{{0, 0}, {0, 1}}};  // of the second nothing new was revealed
  return back;
}

}  // namespace varprop::workers
