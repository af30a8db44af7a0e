#include "theory/finite_width/network_walk.hpp"

#include <algorithm>
#include <bit>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

namespace {

constexpr double farthest_log_q = 1e17;      // beyond it signals of a power are 0 or infinite
constexpr double sampling_error = 0.2;       // of a mean over strata, as a share of that over random paths
constexpr double largest_random_square = 2;  // of t where δ is as good as random
constexpr double silent_below = -5e5;        // there a φ that is flat near 0 feels nothing

double normal_share_below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// P(|X| < bound) of a normal X.
double share_within(double bound, double mean, double variance) {
  if (variance <= 0) return std::abs(mean) < bound ? 1 : 0;
  const double deviation = std::sqrt(variance);
  return normal_share_below((bound - mean) / deviation) - normal_share_below((-bound - mean) / deviation);
}

/// So many normal draws, stratified: quantiles, of variance 1.
std::vector<double> normal_strata(std::size_t count) {
  std::vector<double> strata;
  double square = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    strata.push_back(std::numbers::sqrt2 * boost::math::erf_inv(2 * share - 1));
    square += strata.back() * strata.back();
  }
  if (count > 1) {
    for (double& x : strata) x /= std::sqrt(square / static_cast<double>(count));
  }
  return strata;
}

/// A total so many quarters beyond the last of three that follow one another: it goes on as over the last
/// two, and may be off by what these differ.
TotalLaw continued(const TotalLaw& half, const TotalLaw& three, const TotalLaw& all, double more,
                   double log_factor) {
  const auto on = [&](double from, double to) { return to + more / 2 * (to - from); };
  const double log_alive = on(std::log1p(-half.extinct_share), std::log1p(-all.extinct_share));
  TotalLaw total{.mean = on(half.mean, all.mean),
                 .error = more * std::abs(all.mean - 2 * three.mean + half.mean),
                 .variance = std::max(all.variance, on(half.variance, all.variance)),
                 .extinct_share = -std::expm1(log_alive)};
  total.share_in_range = std::exp(log_alive) * share_within(log_factor, total.mean, total.variance);
  return total;
}

/// Bits of i, well mixed (splitmix64).
std::size_t mixed(std::uint64_t i) {
  i = (i + 1) * 0x9e3779b97f4a7c15u;
  i = (i ^ (i >> 30)) * 0xbf58476d1ce4e5b9u;
  i = (i ^ (i >> 27)) * 0x94d049bb133111ebu;
  return i ^ (i >> 31);
}

/// ln(e^a + b).
double log_with_bias(double a, double b) {
  if (b == 0) return a;
  const double log_b = std::log(b), larger = std::max(a, log_b);
  return larger + std::log1p(std::exp(std::min(a, log_b) - larger));
}

/// What weights leave of s² beside the biases' share.
double weight_share_of(Variances variances, double log_q) {
  return variances.bias == 0 ? 1 : std::max(0.0, 1 - variances.bias * std::exp(-log_q));
}

}  // namespace

/// Networks side by side. A power of two of them.
struct NetworkWalk::Paths {
  Paths(std::size_t number, double log_first_q)
      : count(number),
        strata(normal_strata(count)),
        log_q(count, log_first_q),
        log_g(count, 0),
        variance(count, 0),
        kurtosis_below(count, 3),
        order(count),
        undecided(count, 0) {
    std::iota(order.begin(), order.end(), std::size_t{0});
  }

  double mean(const std::vector<double>& values) const {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(count);
  }

  double covariance(const std::vector<double>& x, const std::vector<double>& y) const {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0) / static_cast<double>(count) -
           mean(x) * mean(y);
  }

  /// The noise of the k-th path in order of its signal: a lattice's second coordinate, shifted anew in every
  /// layer.
  double noise(std::size_t k) const { return strata[(k * (count * 5 / 8 | 1) + mixed(layer)) % count]; }

  /// A normal draw of path i, another one in every layer: bits of i, stirred in a way of the layer's own.
  double fresh(std::size_t i, std::size_t l, std::size_t number = 0) const {
    const std::size_t bits = mixed(~(2 * l + number)), mask = count - 1,
                      half = static_cast<std::size_t>(std::bit_width(mask)) / 2;
    std::size_t at = (i * (bits | 1) + (bits >> 16)) & mask;
    at ^= at >> std::max<std::size_t>(half, 1);
    at = (at * (bits >> 32 | 1) + (bits >> 48)) & mask;
    at ^= at >> std::max<std::size_t>(half, 1);
    return strata[(at * 5 + (bits >> 24)) & mask];
  }

  TotalLaw law(const std::vector<double>& values, const std::vector<double>& variances, double log_factor,
               double log_alive) const {
    TotalLaw total{.mean = mean(values),
                   .variance = mean(variances),
                   .share_in_range = 0,
                   .extinct_share = -std::expm1(log_alive)};
    for (std::size_t i = 0; i < count; ++i) {
      const double off = values[i] - total.mean;
      total.variance += off * off / static_cast<double>(count);
      total.share_in_range += share_within(log_factor, values[i], variances[i]);
    }
    const double between_paths = total.variance - mean(variances);
    total.error = sampling_error * std::sqrt(std::max(between_paths, 0.0) / static_cast<double>(count));
    total.share_in_range *= std::exp(log_alive) / static_cast<double>(count);
    return std::isfinite(total.mean) ? total : beyond(total, values);
  }

  /// Where signals have left every scale: what died out beyond it is extinct, as in simulations, and one that
  /// grew beyond it makes the mean infinite.
  TotalLaw beyond(TotalLaw total, const std::vector<double>& values) const {
    const auto dead = std::ranges::count(values, -HUGE_VAL);
    total.extinct_share = static_cast<double>(dead) / static_cast<double>(count);
    double sum = 0;
    for (const double value : values) sum += value == -HUGE_VAL ? 0 : value;
    const auto living = static_cast<double>(count) - static_cast<double>(dead);
    total.mean = living > 0 ? sum / living : -HUGE_VAL;
    total.variance = living > 0 ? HUGE_VAL : 0;
    return total;
  }

  std::size_t count;
  std::vector<double> strata;
  std::vector<double> log_q;                 ///< ln s² of the layer
  std::vector<double> log_g;                 ///< so far
  std::vector<double> variance;              ///< of log_g beside what log_q decides
  std::vector<double> kurtosis_below;        ///< of a^{l−1}
  std::vector<std::size_t> order;            ///< ascending in log_q
  std::vector<std::vector<double>> course;   ///< log_q, by layer
  std::vector<std::vector<double>> noise_g;  ///< of ln g, by layer
  std::vector<double> undecided;             ///< of it the sum of draws that log_g has the variance of alone
  std::size_t layer = 0;
  double log_alive_signal = 0, log_alive_gradient = 0;
};

/// Of one path, in ln g_1: where the mean square of e is taken, and where e is drawn.
struct NetworkWalk::Revealed {
  double mean, drawn;
};

/// What a layer adds to ln q and ln g on average, and its noise.
struct NetworkWalk::Noise {
  LogRatioLaw signal, gradient;
  double shift_signal, shift_gradient;  ///< ln of what V and D are of their Gaussian selves
  double together;                      ///< correlation of the two noises
  bool small;                           ///< both variances below 1
};

NetworkWalk::NetworkWalk(const MeanField& mean_field, WeightDistribution weights,
                         std::optional<std::int64_t> width)
    : mean_field_(mean_field),
      weights_(weights),
      n_(width ? static_cast<double>(*width) : std::numeric_limits<double>::infinity()),
      moments_(mean_field) {
  VARPROP_EXPECT(!width || *width >= 1);
}

NetworkWalk::Noise NetworkWalk::noise_of(const LayerMoments& layer, double weight_share,
                                         double kurtosis_below) const {
  const double share_2 = weight_share * weight_share;
  double signal = layer[signal_kurtosis] - 1, gradient = 3 * layer[slope_kurtosis] - 1,
         common_part = layer[common] - 1, bend = 0;
  if (weights_ == WeightDistribution::orthogonal) {
    signal -= 2 * share_2 * layer[V_slope] * layer[V_slope];
    gradient -= 2 + 2 * share_2 * layer[D_slope] * layer[D_slope];
    common_part -= 2 * share_2 * layer[V_slope] * layer[D_slope];
    bend = -share_2 / n_;
  } else {
    bend = excess_kurtosis(weights_) * share_2 * kurtosis_below / (6 * n_);
  }
  signal = std::max(signal, 0.0), gradient = std::max(gradient, 0.0);
  const double product = signal * gradient;
  return {.signal = log_gamma_law(signal / n_),
          .gradient = log_gamma_law(gradient / n_),
          .shift_signal = std::log1p(std::max(-0.9, bend * layer[V_curvature])),
          .shift_gradient = std::log1p(std::max(-0.9, bend * layer[D_curvature])),
          .together = product > 0 ? std::clamp(common_part / std::sqrt(product), -1.0, 1.0) : 0,
          .small = signal < n_ && gradient < n_};
}

/// One layer up, for every path; false where its noise is too large.
bool NetworkWalk::step(Paths& paths, Variances variances) {
  const double log_weight = std::log(variances.weight);
  std::sort(paths.order.begin(), paths.order.end(),
            [&](std::size_t a, std::size_t b) { return paths.log_q[a] < paths.log_q[b]; });
  paths.course.push_back(paths.log_q);
  paths.noise_g.emplace_back(paths.count);
  double dead_signal = 0, dead_gradient = 0;
  const ActivationFacts& facts = mean_field_.facts();
  const bool silent = facts.power == 0 && mean_square(facts.at_zero) == 0;
  bool small = true;
  for (std::size_t k = 0; k < paths.count; ++k) {
    const std::size_t i = paths.order[k];
    double& log_q = paths.log_q[i];
    const LayerMoments layer = moments_.at(log_q);
    const Noise noise = noise_of(layer, weight_share_of(variances, log_q), paths.kurtosis_below[i]);
    small = small && noise.small;
    const double draw = paths.noise(k), deviation = std::sqrt(noise.gradient.variance);
    const double decided = deviation * noise.together * draw;
    const double own_variance = noise.gradient.variance * (1 - noise.together * noise.together);
    const double undecided = std::sqrt(own_variance) * paths.fresh(i, paths.layer, 1);
    paths.log_g[i] += log_weight + layer[log_D] + noise.shift_gradient + noise.gradient.mean + decided;
    paths.variance[i] += own_variance;
    paths.undecided[i] += undecided;
    paths.noise_g.back()[i] = decided + undecided;
    log_q = log_with_bias(log_weight + layer[log_V] + noise.shift_signal + noise.signal.mean +
                              std::sqrt(noise.signal.variance) * draw,
                          variances.bias);
    if (silent && log_q < silent_below) log_q = -farthest_log_q;
    log_q = std::clamp(log_q, -farthest_log_q, farthest_log_q);
    paths.kurtosis_below[i] = layer[signal_kurtosis];
    dead_signal += std::exp(n_ * std::min(layer[log_dead_signal], -1e-12));
    dead_gradient += std::exp(n_ * std::min(layer[log_dead_gradient], -1e-12));
  }
  const double all = static_cast<double>(paths.count);
  if (variances.bias == 0) paths.log_alive_signal += std::log1p(-std::min(dead_signal / all, 0.999));
  paths.log_alive_gradient += std::log1p(-std::min(dead_gradient / all, 0.999));
  ++paths.layer;
  return small;
}

/// What the way up of path i has revealed of the weights, in ln g_1: the terms in e² and in the fourth
/// cumulant. As long as t is of order 1 they are of order 1/n, and their spread is of the next one.
NetworkWalk::Revealed NetworkWalk::revealed(const Paths& paths, std::size_t i, Variances variances) {
  const bool orthogonal = weights_ == WeightDistribution::orthogonal;
  const bool power = mean_field_.facts().power != 0;  // of which V/(qD) is the same at every q
  const double half_cumulant = excess_kurtosis(weights_) / 2;
  const LayerMoments at_1 = moments_.at(0);
  Revealed sum{0, 0};
  double t = 1, e = paths.fresh(i, paths.course.size()), large = 1;
  double above = weight_share_of(variances, paths.log_q[i]);
  for (std::size_t l = paths.course.size(); l-- > 0;) {
    const double log_q_here = paths.course[l][i];
    const LayerMoments layer = moments_.at(log_q_here);
    const double here = weight_share_of(variances, log_q_here);
    const auto growth = [&](double square) {
      const double beyond_random = std::min(square, n_) - 1;
      const double along = orthogonal ? (layer[common] - 1) * beyond_random
                                      : above * layer[common] * (beyond_random + half_cumulant * (large - 1));
      return std::max(0.1, 1 + along / n_);
    };
    const double mean_growth = growth(t), drawn_growth = growth(e * e);
    (t > largest_random_square ? sum.drawn : sum.mean) +=
        std::log(t > largest_random_square ? drawn_growth : mean_growth);
    const double log_q = power ? 0 : log_q_here;
    const LayerMoments& there = power ? at_1 : layer;
    const double r2 = layer[V_slope] * layer[V_slope] * std::exp(there[log_V] - there[log_D] - log_q);
    large = layer[slope_of_large];
    const double kept = (orthogonal ? here : above) * r2;
    const double rest = std::max(0.0, (orthogonal ? here * large + 1 - here : large) - kept);
    t = (kept * t + rest) / mean_growth;
    e = std::copysign(std::sqrt(kept), layer[V_slope]) * e + std::sqrt(rest) * paths.fresh(i, l);
    e /= std::sqrt(drawn_growth * std::exp(paths.noise_g[l][i]));
    above = here;
  }
  return sum;
}

std::optional<NetworkTotals> NetworkWalk::exact(Variances variances, int depth, double log_factor,
                                                CountedFrom from) const {
  const ActivationFacts& facts = mean_field_.facts();
  if (!facts.homogeneous() || variances.bias != 0 || std::isinf(n_)) return std::nullopt;
  const auto width = static_cast<std::int64_t>(n_);
  const auto layer = exact_log_ratio(facts, width, weights_);
  if (!layer) return std::nullopt;
  const bool orthogonal = weights_ == WeightDistribution::orthogonal;
  const LogRatioLaw first = orthogonal ? LogRatioLaw{0, 0} : linear_log_ratio(width);
  const double layers = depth - 1, log_weight = std::log(variances.weight);
  const double change = layers * (log_weight + std::log(mean_square(facts.at_zero)) + layer->mean);
  const bool dies = facts.at_zero.negative == 0 || facts.at_zero.positive == 0;
  const double log_alive = dies ? layers * std::log1p(-std::exp2(-n_)) : 0;
  const auto law = [&](double mean, double variance) {
    return TotalLaw{.mean = mean,
                    .variance = variance,
                    .share_in_range = std::exp(log_alive) * share_within(log_factor, mean, variance),
                    .extinct_share = -std::expm1(log_alive)};
  };
  const TotalLaw gradient = law(change, layers * layer->variance);
  const TotalLaw signal = from == CountedFrom::first_layer ? gradient
                                                           : law(log_weight + change + first.mean,
                                                                 layers * layer->variance + first.variance);
  return NetworkTotals{signal, gradient, TotalsOf::width_exactly};
}

/// What they are if the layers so far are all.
NetworkTotals NetworkWalk::totals(Paths paths, Variances variances, double log_start, double log_factor) {
  const bool limit = std::isinf(n_);
  std::vector<double> drawn(paths.count, 0);
  for (std::size_t i = 0; i < paths.count && !limit; ++i) {
    const Revealed more = revealed(paths, i, variances);
    drawn[i] = more.drawn;
    paths.log_g[i] += more.mean + more.drawn;
  }
  const double together = 2 * paths.covariance(paths.undecided, drawn);
  for (std::size_t i = 0; i < paths.count; ++i) {
    paths.variance[i] = std::max(0.0, paths.variance[i] + together);
    if (std::abs(paths.log_q[i]) >= farthest_log_q)
      paths.log_q[i] = paths.log_g[i] = std::copysign(HUGE_VAL, paths.log_q[i]);
  }
  std::vector<double> last_variance;
  for (std::size_t i = 0; i < paths.count; ++i) {
    const LogRatioLaw last = last_layer(weight_share_of(variances, paths.log_q[i]), paths.kurtosis_below[i]);
    paths.log_q[i] += last.mean - log_start;
    last_variance.push_back(last.variance);
  }
  return {paths.law(paths.log_q, last_variance, log_factor, paths.log_alive_signal),
          paths.law(paths.log_g, paths.variance, log_factor, paths.log_alive_gradient),
          limit ? TotalsOf::infinite_width : TotalsOf::width};
}

std::optional<NetworkTotals> NetworkWalk::walk(Variances variances, double input_mean_square, int depth,
                                               double log_factor, CountedFrom from) {
  const bool limit = std::isinf(n_);
  const int walked = limit ? depth : std::min(depth, deepest);
  const auto most = static_cast<std::size_t>(std::clamp((1 << 17) / walked, 32, 512));
  const double log_first = std::log(first_layer_variance(variances, input_mean_square));
  const double log_start = from == CountedFrom::input
                               ? std::log(input_mean_square)
                               : log_first + last_layer(weight_share_of(variances, log_first), 3).mean;
  Paths paths(limit ? 1 : std::bit_floor(most), log_first);
  std::vector<NetworkTotals> quarters;
  for (int l = 1; l < walked; ++l) {
    if (walked < depth && l >= walked / 2 && l % (walked / 4) == 0)
      quarters.push_back(totals(paths, variances, log_start, log_factor));
    if (!step(paths, variances)) return std::nullopt;
  }
  NetworkTotals end = totals(std::move(paths), variances, log_start, log_factor);
  if (walked == depth || !std::isfinite(end.forward.mean + end.backward.mean)) return end;
  const double more = 4.0 * (depth - walked) / walked;  // quarters
  for (TotalLaw NetworkTotals::*total : {&NetworkTotals::forward, &NetworkTotals::backward})
    end.*total = continued(quarters[0].*total, quarters[1].*total, end.*total, more, log_factor);
  return end;
}

/// |z^L|²/n over s².
LogRatioLaw NetworkWalk::last_layer(double weight_share, double kurtosis_below) const {
  const double share_2 = weight_share * weight_share;
  if (weights_ == WeightDistribution::orthogonal) return log_gamma_law(2 * (1 - share_2) / n_);
  return log_gamma_law(std::max(0.0, 2 + excess_kurtosis(weights_) * share_2 * kurtosis_below / n_) / n_);
}

NetworkTotals NetworkWalk::operator()(Variances variances, double input_mean_square, int depth,
                                      double log_factor, CountedFrom from) {
  VARPROP_EXPECT(depth >= 1 && log_factor > 0);
  if (const auto known = exact(variances, depth, log_factor, from)) return *known;
  auto estimate = walk(variances, input_mean_square, depth, log_factor, from);
  if (std::isinf(n_)) return *estimate;
  const double width = std::exchange(n_, std::numeric_limits<double>::infinity());
  const auto limit = walk(variances, input_mean_square, depth, log_factor, from);
  n_ = width;
  if (!estimate) return *limit;
  constexpr double next_order = 5;  // of a second step in 1/n beside the first (tests/campaigns/verdicts)
  for (TotalLaw NetworkTotals::*total : {&NetworkTotals::forward, &NetworkTotals::backward}) {
    const double added = (*estimate.*total).mean - (*limit.*total).mean;
    if (std::isfinite(added)) (*estimate.*total).error += next_order / n_ * std::abs(added);
  }
  return *estimate;
}

}  // namespace varprop::theory
