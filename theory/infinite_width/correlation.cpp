#include "theory/infinite_width/correlation.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <numbers>
#include <tuple>

#include "core/errors.hpp"
#include "theory/infinite_width/infinite_width.hpp"

namespace varprop::theory {

namespace {

using Value = ValueOrReason<double>;

/// The map at a positive fixed point q*.
class CorrelationMap {
 public:
  CorrelationMap(const MeanField& mean_field, Variances variances, double q)
      : mean_field_(mean_field),
        weight_(variances.weight),
        share_(q / (variances.weight * mean_field.V(q).value + variances.bias)),
        q_(q) {}
  CorrelationMap(const MeanField& mean_field, const ChangedPairs& layer)
      : mean_field_(mean_field), weight_(layer.weight), share_(layer.q / layer.next_q), q_(layer.q) {}

  PairMeans means(double angle) const { return pair_means(mean_field_, q_, angle); }

  /// F = (1 − c')/(1 − c) = σ_w² (q/q') K̄.
  double shrinkage(const PairMeans& means) const { return weight_ * share_ * means.K_bar.value; }
  /// dc'/dc.
  double slope(const PairMeans& means) const { return weight_ * share_ * means.K.value; }

 private:
  const MeanField& mean_field_;
  double weight_, share_, q_;
};

/// dF/dθ = (dc'/dc − F) cot(θ/2).
double shrinkage_by_angle(const CorrelationMap& map, const PairMeans& means, double angle) {
  return (map.slope(means) - map.shrinkage(means)) / std::tan(0.5 * angle);
}

/// The angle of c* < 1: F falls from χ > 1 at θ = 0 to 1 − c'(0) ≤ 1 at a right angle. Newton within a
/// bracket.
double settled_angle(const CorrelationMap& map, double chi, bool kinked) {
  constexpr double right_angle = std::numbers::pi / 2;
  const double end = map.shrinkage(map.means(right_angle));
  if (end > 1 - 1e-12) return right_angle;
  const double way = (chi - 1) / (chi - end), guess = right_angle * (kinked ? way : std::sqrt(way));
  const auto excess = [&](double angle) {
    const PairMeans means = map.means(angle);
    return std::tuple(map.shrinkage(means) - 1, shrinkage_by_angle(map, means, angle));
  };
  std::uintmax_t iterations = 60;
  return boost::math::tools::newton_raphson_iterate(excess, guess, 0.0, right_angle, 40, iterations);
}

/// c* of an angle; a right angle is c = 0 exactly.
double correlation_of(double angle) {
  return angle == std::numbers::pi / 2 ? 0.0 : std::cos(angle);
}

/// K(c*) is below what the quadrature resolves: the memory of c_0 is lost in the first layer.
CorrelationLimit lost_limit(double c_star, double angle) {
  return {.c_star = c_star,
          .distance = distance_of_angle(angle),
          .xi_c = Reason::shorter_than_a_layer,
          .fixed_points = {c_star, 1.0}};
}

CorrelationLimit chaotic_limit(const CorrelationMap& map, double chi, bool kinked) {
  const double angle = settled_angle(map, chi, kinked), c_star = correlation_of(angle);
  const PairMeans means = map.means(angle);
  const double rate = -std::log(map.slope(means));
  const double angle_error = map.shrinkage(means) * (means.K_bar.error / means.K_bar.value) /
                             std::abs(shrinkage_by_angle(map, means, angle));
  const double slope_error = means.K.error / means.K.value + angle_error;
  if (slope_error > 1) return lost_limit(c_star, angle);
  return {.c_star = c_star,
          .distance = distance_of_angle(angle),
          .xi_c = 1 / rate,
          .fixed_points = {c_star, 1.0},
          .c_star_error = std::sin(angle) * angle_error,
          .xi_c_error = slope_error / (rate * rate)};
}

Value meeting_length(double chi) {
  if (phase_of(chi) == Phase::critical) return Reason::chi_is_1;
  if (chi > 1) return Reason::signals_move_apart;
  return -1 / std::log(chi);
}

CorrelationLimit meeting_limit(double chi) {
  return {.c_star = 1.0, .distance = 0.0, .xi_c = meeting_length(chi), .fixed_points = {1.0}};
}

CorrelationLimit unknown_limit(Reason reason) {
  return {.c_star = reason, .distance = reason, .xi_c = reason, .fixed_points = {}};
}

CorrelationLimit frozen_limit(double chi, Reason reason) {
  return {.c_star = reason, .distance = reason, .xi_c = meeting_length(chi), .fixed_points = {}};
}

/// Where q dies out or grows without bound, c' = c of two straight lines through the origin: the identity for
/// one line, and for two a map whose only fixed point (but −1 for |z|) is 1, of slope 1.
CorrelationLimit straight_limit(const MeanField& mean_field, const InfiniteWidth& limit) {
  const bool dies = limit.q_star && *limit.q_star == 0.0;
  const Slopes& slopes = dies ? mean_field.facts().at_zero : mean_field.facts().at_infinity;
  if (slopes.negative != slopes.positive) return meeting_limit(limit.chi);
  return frozen_limit(limit.chi, Reason::correlation_depends_on_inputs);
}

/// Where φ is a power of z, c' does not depend on q: c* is there though no q* is.
CorrelationLimit limit_of_power(const MeanField& mean_field) {
  const double V = mean_field.V(1).value;
  return chaotic_limit(CorrelationMap(mean_field, {1 / V, 0}, 1), mean_field.D(1).value / V,
                       mean_field.facts().kinks.count > 0);
}

bool is_odd(const CorrelationMap& map) {
  return std::abs(map.shrinkage(map.means(std::numbers::pi)) - 1) < 1e-11;
}

}  // namespace

CorrelationLimit correlation_limit(const MeanField& mean_field, Variances variances,
                                   const InfiniteWidth& limit) {
  const ActivationFacts& facts = mean_field.facts();
  if (limit.no_fixed_point && facts.power != 0) return limit_of_power(mean_field);
  if (limit.no_fixed_point && limit.chi == 0) return unknown_limit(Reason::falls_ever_faster);
  if (!limit.q_star || *limit.q_star == 0.0) return straight_limit(mean_field, limit);
  if (phase_of(limit.chi) != Phase::chaotic) return meeting_limit(limit.chi);
  const CorrelationMap map(mean_field, variances, *limit.q_star);
  CorrelationLimit result = chaotic_limit(map, limit.chi, facts.kinks.count > 0);
  if (*result.c_star == 0.0 && is_odd(map)) result.fixed_points.insert(result.fixed_points.begin(), -1.0);
  return result;
}

namespace {

/// The angle at which 1 − c = lost + F(c) (1 − c), between 0 and a right one; there where 1 − c' ≥ 1.
double settled_angle(const CorrelationMap& map, double lost) {
  constexpr double right_angle = std::numbers::pi / 2;
  const auto excess = [&](double angle) {
    const double distance = distance_of_angle(angle);
    return (lost + map.shrinkage(map.means(angle)) * distance - distance) / distance;
  };
  if (excess(right_angle) > -1e-12) return right_angle;
  const double low = angle_of_distance(lost * 1e-3);
  std::uintmax_t iterations = 80;
  const auto [a, b] = boost::math::tools::toms748_solve(
      excess, low, right_angle, boost::math::tools::eps_tolerance<double>(44), iterations);
  return 0.5 * (a + b);
}

}  // namespace

CorrelationLimit correlation_limit(const MeanField& mean_field, const ChangedPairs& layer) {
  const CorrelationMap map(mean_field, layer);
  const double chi = layer.weight * (layer.q / layer.next_q) * mean_field.D(layer.q).value;
  if (layer.lost <= 0) {
    if (phase_of(chi) != Phase::chaotic) return meeting_limit(chi);
    return chaotic_limit(map, chi, mean_field.facts().kinks.count > 0);
  }
  const double angle = settled_angle(map, layer.lost);
  return {.c_star = correlation_of(angle),
          .distance = distance_of_angle(angle),
          .xi_c = -1 / std::log(map.slope(map.means(angle))),
          .fixed_points = {correlation_of(angle)}};
}

namespace {

/// What one layer does to a distance, and to the gradients' cosine.
struct PairStep {
  double log_shrinkage;  ///< ln((1 − c')/(1 − c))
  double gradient_factor;
};

class PairLayer {
 public:
  PairLayer(const MeanField& mean_field, Variances variances)
      : mean_field_(mean_field), variances_(variances), power_(mean_field.facts().power) {}

  /// Of signals of variance e^log_q, in the next layer e^next_log_q.
  PairStep operator()(double log_q, double next_log_q, double log_distance) const {
    const double end = 290 * std::log(10.0);
    const double q = power_ != 0 ? 1 : std::exp(std::clamp(log_q, -end, end));  // K̄(q) = K̄(1) q^{p−1}
    const PairMeans means = pair_means(mean_field_, q, angle_of_distance(std::exp(log_distance)));
    return {log_gain(log_q, next_log_q) + std::log(means.K_bar.value),
            means.K.value / mean_field_.D(q).value};
  }

  /// φ is flat about 0, and hardly a neuron is beyond.
  bool silent(double log_q) const {
    constexpr double least_D = 1e-10;  // share of neurons of which pairs are resolved
    return power_ == 0 && mean_square(mean_field_.facts().at_zero) == 0 &&
           mean_field_.D(std::exp(log_q)).value < least_D;
  }

 private:
  double log_gain(double log_q, double next_log_q) const {
    const bool by_power_alone = power_ != 0 && std::abs(next_log_q) > 1e3;  // logarithms have lost the bias
    if (by_power_alone) return -std::log(mean_field_.V(1).value);
    return std::log(variances_.weight) + std::max(power_, 1) * log_q - next_log_q;
  }

  const MeanField& mean_field_;
  Variances variances_;
  int power_;
};

}  // namespace

PairProfile pair_profile(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q,
                         double first_distance, std::size_t most_integrals) {
  VARPROP_EXPECT(first_distance >= 0 && first_distance <= 2);
  const double settled = mean_field.facts().homogeneous() ? 1e-13 : 1e-10;
  const PairLayer layer(mean_field, variances);
  PairProfile profile{{std::log(first_distance)}, {}};
  PairStep step{HUGE_VAL, 1};
  bool goes_on = false;  // as in the layer before
  while (profile.log_distance.size() < log_q.size()) {
    const std::size_t l = profile.log_distance.size();
    if (std::isinf(log_q[l]) || layer.silent(log_q[l - 1])) break;
    if (!goes_on && l > most_integrals) break;
    if (!goes_on) {
      const double before = step.log_shrinkage;
      step = layer(log_q[l - 1], log_q[l], profile.log_distance.back());
      goes_on =
          std::abs(step.log_shrinkage - before) <= settled && std::abs(log_q[l] - log_q[l - 1]) <= settled;
    }
    profile.log_distance.push_back(std::min(std::log(2.0), profile.log_distance.back() + step.log_shrinkage));
    profile.gradient_factor.push_back(step.gradient_factor);
  }
  return profile;
}

std::vector<double> gradient_correlations(const PairProfile& profile, std::size_t depth) {
  if (profile.gradient_factor.size() + 1 < depth) return {};
  std::vector<double> gamma(depth, 1.0);
  for (std::size_t l = depth; l-- > 1;) gamma[l - 1] = gamma[l] * profile.gradient_factor[l - 1];
  return gamma;
}

}  // namespace varprop::theory
