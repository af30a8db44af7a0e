#include "theory/infinite_width/infinite_width.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

Phase phase_of(double chi) {
  VARPROP_EXPECT(chi >= 0);
  const double rate = std::log(chi);
  if (std::abs(rate) <= critical_tolerance) return Phase::critical;
  return rate < 0 ? Phase::ordered : Phase::chaotic;
}

namespace {

constexpr double critical = 1e-12;  // |χ_q − 1| below this is 1, but for rounding

ValueOrReason<double> decay_length(double chi_q) {
  if (std::abs(std::abs(chi_q) - 1) < critical) return Reason::chi_q_is_1;
  return std::abs(1 / std::log(std::abs(chi_q)));
}

constexpr double near = 0.1;
constexpr int last_depth = 1 << 14;  // deeper than networks are

/// V increases, so q draws ever nearer to q*: the layer before the first that is near.
double onset_of_approach(const LayerMap& map, double log_first_q, double log_q_star) {
  LayerState state{log_first_q};
  for (int l = 1; l <= last_depth; ++l) {
    if (std::abs(state.log_q - log_q_star) < near) return std::max(1, l - 1);
    state = map.next(state, l);
  }
  return std::numeric_limits<double>::infinity();
}

/// The first layer, from l on, that changes ln g by `rate` too; the last one where none does.
std::size_t gradient_follows(const LayerMap& map, const std::vector<LayerState>& profile, std::size_t l,
                             double rate) {
  const auto follows = [&](std::size_t at) {
    const double factor = map.log_gradient_factor(profile[at - 1], static_cast<int>(at));
    return std::abs(factor - rate) < near * std::abs(rate);
  };
  while (l < profile.size() && !follows(l)) ++l;
  return l;
}

/// The last layer from which ln q does not change by `rate`, looked for among ever more layers.
double onset_of_course(const LayerMap& map, double log_first_q, double rate) {
  std::vector<LayerState> profile{{log_first_q}};
  const auto settled = [&](std::size_t l) {
    return std::abs(profile[l - 1].log_q - profile[l - 2].log_q - rate) < near * std::abs(rate);
  };
  for (int depth = 64; depth <= last_depth; depth *= 4) {
    extend_profile(profile, map, depth);
    std::size_t l = profile.size();
    while (l > 1 && settled(l)) --l;
    if (l < profile.size()) return static_cast<double>(gradient_follows(map, profile, l, rate));
  }
  return std::numeric_limits<double>::infinity();
}

ValueOrReason<double> homogeneous_fixed_point(double chi, double bias) {
  if (bias == 0.0) {
    return Reason::q_changes_by_chi;
  }
  if (chi < 1 - critical) return bias / (1 - chi);
  return Reason::q_grows;
}

/// Two straight lines through the origin: V(q) = s q, D = s, with s the mean squared slope.
InfiniteWidth predict_homogeneous(const MeanField& mean_field, Variances variances) {
  const double chi = variances.weight * mean_square(mean_field.facts().at_zero);
  const auto q_star = homogeneous_fixed_point(chi, variances.bias);
  const auto length = decay_length(chi);
  return {.q_star = q_star,
          .chi = chi,
          .chi_q = chi,
          .xi_q = q_star ? length : q_star.reason(),
          .fixed_points = q_star ? std::vector{*q_star} : std::vector<double>{},
          .transient = variances.bias == 0.0 ? 0.0 : length,
          .no_fixed_point = !q_star};
}

InfiniteWidth predict_growth(const MeanField& mean_field, Variances variances,
                             std::vector<double> fixed_points) {
  const double chi = variances.weight * mean_square(mean_field.facts().at_infinity);
  const auto q_star = Reason::q_grows;
  return {.q_star = q_star,
          .chi = chi,
          .chi_q = chi,
          .xi_q = q_star,
          .fixed_points = std::move(fixed_points),
          .transient = std::isinf(chi) ? Reason::grows_ever_faster : decay_length(chi),
          .no_fixed_point = true};
}

}  // namespace

double InfiniteWidthPredictor::onset(Variances variances, double first_q, const InfiniteWidth& limit) const {
  if (!limit.transient || *limit.transient == 0) return 0;
  const PlainLayer map(mean_field(), variances);
  return limit.no_fixed_point ? onset_of_course(map, std::log(first_q), std::log(limit.chi_q))
                              : onset_of_approach(map, std::log(first_q), std::log(*limit.q_star));
}

InfiniteWidth InfiniteWidthPredictor::operator()(Variances variances, double first_q) const {
  VARPROP_EXPECT(variances.weight > 0 && variances.bias >= 0 && first_q > 0);
  if (mean_field().facts().homogeneous()) return predict_homogeneous(mean_field(), variances);
  std::vector<double> fixed_points = finder_.find(variances);
  const auto q_star = reached_fixed_point(finder_, variances, fixed_points, first_q);
  if (!q_star) return predict_growth(mean_field(), variances, std::move(fixed_points));
  const double chi_q = variances.weight * mean_field().V_prime(*q_star).value;
  const bool falls_ever_faster = *q_star == 0.0 && chi_q == 0.0;
  const auto length = falls_ever_faster ? Reason::falls_ever_faster : decay_length(chi_q);
  return {.q_star = *q_star,
          .chi = variances.weight * mean_field().D(*q_star).value,
          .chi_q = chi_q,
          .xi_q = length,
          .fixed_points = std::move(fixed_points),
          .transient = length,
          .no_fixed_point = *q_star == 0.0};
}

std::vector<double> variance_profile(const MeanField& mean_field, Variances variances, double first_q,
                                     int depth) {
  std::vector<double> q{first_q};
  while (static_cast<int>(q.size()) < depth) {
    q.push_back(variances.weight * mean_field.V(q.back()).value + variances.bias);
  }
  return q;
}

ValueOrReason<Slopes> slopes_without_fixed_point(const ActivationFacts& facts, Variances variances,
                                                 const InfiniteWidth& limit) {
  if (facts.homogeneous() && variances.bias == 0.0) return facts.at_zero;
  if (!limit.no_fixed_point) return Reason::held_by_fixed_point;
  const bool dies = limit.q_star.has_value();
  if (dies && mean_square(facts.at_zero) == 0) return Reason::falls_ever_faster;
  if (!dies && std::isinf(mean_square(facts.at_infinity))) return Reason::grows_ever_faster;
  if (phase_of(limit.chi) == Phase::critical) {
    return dies ? Reason::q_falls_by_a_power : Reason::q_grows_at_chi_1;
  }
  return dies ? facts.at_zero : facts.at_infinity;
}

}  // namespace varprop::theory
