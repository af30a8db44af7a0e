#include "theory/infinite_width.hpp"

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "theory/layer_map.hpp"

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

/// The last layer that `settled(ln q, l)` denies, l counted from 1; infinite where that is beyond 2¹⁴ layers,
/// deeper than networks are.
template <class Settled>
double last_unsettled(const MeanField& mean_field, Variances variances, double first_q,
                      const Settled& settled) {
  constexpr int first_depth = 64, last_depth = 1 << 14;
  for (int depth = first_depth; depth <= last_depth; depth *= 4) {
    const auto log_q = log_variance_profile(mean_field, variances, std::log(first_q), depth);
    std::size_t l = log_q.size();
    while (l > 1 && settled(log_q, l)) --l;
    if (l < log_q.size()) return static_cast<double>(l);
  }
  return std::numeric_limits<double>::infinity();
}

constexpr double near = 0.1;

/// See InfiniteWidth::onset.
double onset_of_course(const MeanField& mean_field, Variances variances, double first_q, double chi_q) {
  const double rate = std::log(chi_q);
  const PlainLayer map(mean_field, variances);
  const auto settled = [&](double step) { return std::abs(step - rate) < near * std::abs(rate); };
  return last_unsettled(mean_field, variances, first_q, [&](const std::vector<double>& log_q, std::size_t l) {
    return settled(log_q[l - 1] - log_q[l - 2]) &&
           settled(map.log_gradient_factor({log_q[l - 1]}, static_cast<int>(l)));
  });
}

double onset_of_approach(const MeanField& mean_field, Variances variances, double first_q, double q_star) {
  return last_unsettled(mean_field, variances, first_q, [&](const std::vector<double>& log_q, std::size_t l) {
    return std::abs(log_q[l - 1] - std::log(q_star)) < near;
  });
}

ValueOrReason<double> homogeneous_fixed_point(double chi, double bias) {
  if (bias == 0.0) {
    return Reason::q_changes_by_chi;
  }
  if (chi < 1 - critical) return bias / (1 - chi);
  return Reason::q_grows;
}

/// Two straight lines through the origin: V(q) = s q, D = s, with s the mean squared slope.
InfiniteWidth predict_homogeneous(const MeanField& mean_field, Variances variances, double first_q) {
  const double chi = variances.weight * mean_square(mean_field.facts().at_zero);
  const auto q_star = homogeneous_fixed_point(chi, variances.bias);
  const auto length = decay_length(chi);
  const double onset = variances.bias == 0.0 || !length ? 0
                       : q_star ? onset_of_approach(mean_field, variances, first_q, *q_star)
                                : onset_of_course(mean_field, variances, first_q, chi);
  return {.q_star = q_star,
          .chi = chi,
          .chi_q = chi,
          .xi_q = q_star ? length : q_star.reason(),
          .fixed_points = q_star ? std::vector{*q_star} : std::vector<double>{},
          .transient = variances.bias == 0.0 ? 0.0 : length,
          .onset = onset,
          .no_fixed_point = !q_star};
}

InfiniteWidth predict_growth(const MeanField& mean_field, Variances variances, double first_q,
                             std::vector<double> fixed_points) {
  const double chi = variances.weight * mean_square(mean_field.facts().at_infinity);
  const auto q_star = Reason::q_grows;
  return {.q_star = q_star,
          .chi = chi,
          .chi_q = chi,
          .xi_q = q_star,
          .fixed_points = std::move(fixed_points),
          .transient = decay_length(chi),
          .onset = decay_length(chi) ? onset_of_course(mean_field, variances, first_q, chi) : 0,
          .no_fixed_point = true};
}

}  // namespace

InfiniteWidth InfiniteWidthPredictor::operator()(Variances variances, double first_q) const {
  VARPROP_EXPECT(variances.weight > 0 && variances.bias >= 0 && first_q > 0);
  if (mean_field().facts().homogeneous()) return predict_homogeneous(mean_field(), variances, first_q);
  std::vector<double> fixed_points = finder_.find(variances);
  const auto q_star = reached_fixed_point(finder_, variances, fixed_points, first_q);
  if (!q_star) return predict_growth(mean_field(), variances, first_q, std::move(fixed_points));
  const double chi_q = variances.weight * mean_field().V_prime(*q_star).value;
  const auto length = decay_length(chi_q);
  const double onset = !length          ? 0
                       : *q_star == 0.0 ? onset_of_course(mean_field(), variances, first_q, chi_q)
                                        : onset_of_approach(mean_field(), variances, first_q, *q_star);
  return {.q_star = *q_star,
          .chi = variances.weight * mean_field().D(*q_star).value,
          .chi_q = chi_q,
          .xi_q = length,
          .fixed_points = std::move(fixed_points),
          .transient = length,
          .onset = onset,
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
  if (phase_of(limit.chi) == Phase::critical) {
    return dies ? Reason::q_falls_by_a_power : Reason::q_grows_at_chi_1;
  }
  return dies ? facts.at_zero : facts.at_infinity;
}

}  // namespace varprop::theory
