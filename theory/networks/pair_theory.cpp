#include "theory/networks/pair_theory.hpp"

#include <cmath>
#include <numbers>

#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

PairMap pair_map(const InfiniteWidthPredictor& predict, Variances variances, double input_correlation,
                 int depth) {
  auto log_q =
      log_variance_profile(predict.mean_field(), variances, std::log(predict.first_q(variances)), depth);
  PairProfile profile = pair_profile(predict, variances, log_q, input_correlation);
  log_q.resize(profile.log_distance.size());
  return {std::move(profile), std::move(log_q)};
}

namespace {

/// The first layer, from 1, from which on `follows(i)` is true of all elements i = 0 … count − 1.
template <class F>
std::optional<int> first_of_all(std::size_t count, const F& follows) {
  std::size_t first = count;
  while (first > 0 && follows(first - 1)) --first;
  return first < count ? std::optional(static_cast<int>(first) + 1) : std::nullopt;
}

std::optional<int> alike_from(const std::vector<double>& log_distance, double rate) {
  if (log_distance.size() < 2) return std::nullopt;
  return first_of_all(log_distance.size() - 1, [&](std::size_t i) {
    return std::abs(log_distance[i + 1] - log_distance[i] - rate) <= alike_step * std::abs(rate);
  });
}

std::optional<int> near_from(const std::vector<double>& logarithms, double limit, double distance) {
  return first_of_all(logarithms.size(),
                      [&](std::size_t i) { return std::abs(logarithms[i] - limit) <= distance; });
}

/// ln(1 − c) by the map's own step at that distance, and what width n adds to every step.
std::vector<double> at_width(const MeanField& mean_field, double first, double rate_n, std::size_t layers) {
  std::vector<double> all{first};
  const double V = mean_field.V(1).value;
  while (all.size() < layers) {
    const double shrinkage =
        std::log(pair_means(mean_field, 1, angle_of_distance(std::exp(all.back()))).K_bar.value / V);
    all.push_back(all.back() + shrinkage + rate_n);
  }
  return all;
}

/// Linear φ and orthogonal weights, or |z| of them in part: every angle stays.
PairTheory kept_angle(double distance) {
  return {.course = PairCourse::settle,
          .c_star = 1 - distance,
          .rate = 0.0,
          .rate_n = 0.0,
          .xi_c = Reason::angles_are_kept,
          .law_from = 1,
          .near_from = 1,
          .signal_settled_from = 1};
}

/// Angles change by a step that is the same for all small ones.
PairTheory straight_lines(const InfiniteWidthPredictor& predict, const PairMap& map,
                          const PointTheory& theory, WeightDistribution weights, std::int64_t width) {
  const ActivationFacts& facts = predict.mean_field().facts();
  const auto rate_n = angle_log_ratio(facts, width, weights);
  if (!rate_n || map.profile.log_distance.empty())
    return {.course = PairCourse::meet,
            .c_star = theory.correlation.c_star,
            .rate = 0.0,
            .rate_n = rate_n,
            .xi_c = rate_n ? Reason(Reason::meet_by_a_power) : rate_n.reason()};
  const bool linear = facts.at_zero.negative == facts.at_zero.positive;
  const double first = map.profile.log_distance.front();
  const double turned = linear ? angle_of_distance(std::exp(first)) / std::numbers::pi : 0;
  if (linear && weights == WeightDistribution::orthogonal) return kept_angle(std::exp(first));
  if (*rate_n == 0) return unknown_pair_theory(Reason::meet_by_a_power);
  if (turned > largest_turned_share)
    return unknown_pair_theory({Reason::angles_turn_either_way, 100 * turned});
  PairTheory pair{.course = PairCourse::meet,
                  .c_star = linear ? ValueOrReason<double>(1.0) : theory.correlation.c_star,
                  .rate = 0.0,
                  .rate_n = rate_n,
                  .rate_neglected = turned * std::abs(*rate_n),
                  .xi_c = rate_n.transform([](double rate) { return -1 / rate; })};
  const auto& y = pair.log_distance_n =
      at_width(predict.mean_field(), first, *rate_n, map.profile.log_distance.size());
  const auto alike = alike_from(y, *rate_n);
  const auto small = first_of_all(y.size(), [&](std::size_t i) { return y[i] <= std::log(alike_step); });
  if (alike && small) pair.law_from = std::max(*alike, *small);
  return pair;
}

}  // namespace

PairTheory unknown_pair_theory(Reason reason) {
  return {.c_star = reason, .rate = reason, .rate_n = reason, .xi_c = reason};
}

PairTheory pair_theory(const InfiniteWidthPredictor& predict, const PairMap& map, Variances variances,
                       const PointTheory& theory, WeightDistribution weights, std::int64_t width) {
  const InfiniteWidth& limit = theory.limit;
  if (predict.mean_field().facts().homogeneous() && variances.bias == 0)
    return straight_lines(predict, map, theory, weights, width);
  if (!theory.correlation.c_star) return unknown_pair_theory(theory.correlation.c_star.reason());
  PairTheory pair{.c_star = theory.correlation.c_star,
                  .rate = Reason::chi_is_1,
                  .rate_n = Reason::chi_is_1,
                  .xi_c = theory.correlation.xi_c};
  if (!limit.q_star || !(*limit.q_star > 0))
    return unknown_pair_theory(Reason::correlation_depends_on_inputs);
  pair.signal_settled_from = near_from(map.log_q, std::log(*limit.q_star), 0.01);
  if (*theory.correlation.distance > 0) {
    const double limit_of_distance = std::log(*theory.correlation.distance);
    pair.course = PairCourse::settle;
    pair.law_from = near_from(map.profile.log_distance, limit_of_distance, settled_distance);
    pair.near_from = near_from(map.profile.log_distance, limit_of_distance, near_distance);
  } else if (theory.backward_rate && *theory.phase == Phase::ordered) {
    pair.course = PairCourse::meet;
    pair.rate = theory.backward_rate;
    pair.rate_n = theory.backward_rate_n;
    pair.rate_neglected = theory.backward_rate_neglected;
    pair.law_from = alike_from(map.profile.log_distance, *pair.rate);
  }
  return pair;
}

}  // namespace varprop::theory
