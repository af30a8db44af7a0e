#include "theory/networks/point_theory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

namespace {

using Value = ValueOrReason<double>;

ValueOrReason<Phase> phase_at(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reason::chi_is_0;
  return phase_of(limit.chi);
}

Value backward_variance(const ValueOrReason<LogRatioLaw>& law,
                        const ValueOrReason<GradientCorrection>& correction, std::int64_t width) {
  if (law) return law->variance;
  if (law.reason() == Reason::falls_back || law.reason() == Reason::leaves_its_asymptote) return law.reason();
  return correction.transform(
      [&](const GradientCorrection& known) { return known.fluctuation / static_cast<double>(width); });
}

Value geometric_q_star(const ValueOrReason<ForwardCorrection>& correction, const InfiniteWidth& limit,
                       WeightDistribution weights, std::int64_t width) {
  if (weights != WeightDistribution::gaussian) return Reason::only_gaussian;
  return correction.transform([&](const ForwardCorrection& known) {
    return *limit.q_star * std::exp(known.drift / static_cast<double>(width));
  });
}

/// Where signals meet, ξ_c = −1/ln χ.
double correlation_length_error(const MapTheory& map, const Uncertainty& uncertainty) {
  const double chi = map.limit.chi;
  if (!map.correlation.xi_c || !(chi < 1)) return map.correlation.xi_c_error;
  return uncertainty.chi / (chi * std::log(chi) * std::log(chi));
}

double error_at_criticality(const InfiniteWidthPredictor& predict, double bias_variance) {
  const Value critical = critical_weight_variance(predict, bias_variance);
  if (!critical) return 0;
  const Variances edge{*critical, bias_variance};
  return uncertainty_of(predict.mean_field(), edge, predict(edge, predict.first_q(edge)))
      .critical_weight_variance;
}

}  // namespace

MapTheory map_theory(const InfiniteWidthPredictor& predict, Variances variances) {
  const InfiniteWidth limit = predict(variances, predict.first_q(variances));
  return {variances, limit, correlation_limit(predict.mean_field(), variances, limit),
          critical_decay(predict.mean_field(), variances, limit), barriers_of(predict, variances, limit)};
}

namespace {

double share_astray(const InfiniteWidthPredictor& predict, const MapTheory& map, WeightDistribution weights,
                    std::int64_t width) {
  return share_astray(predict, map.variances, map.limit, map.barriers, weights,
                      predict.first_q(map.variances), width);
}

/// Why so large a share leaves nothing to say of the width.
std::optional<Reason> strays(double share, const Barriers& barriers) {
  if (share < largest_share_astray) return std::nullopt;
  return barriers.ends_in_two_ways(share);
}

/// What is left of a tenth of a free signal's rate 4 ξ beyond its onset, where laws begin: q^−1 and q fall by
/// e^−4; the slope of a bent φ that grows is straight to q^−½ only.
double free_neglected(const InfiniteWidth& limit, bool slowly) {
  if (!limit.transient || *limit.transient == 0) return 0;
  return 0.1 * std::exp(slowly ? -2.0 : -4.0) * std::abs(std::log(limit.chi));
}

/// What the orders beyond 1/n may add.
void add_neglected(PointTheory& theory, const ValueOrReason<ForwardCorrection>& forward, bool free,
                   const ActivationFacts& facts, std::int64_t width) {
  const auto n = static_cast<double>(width);
  if (free) {
    const bool grows = !theory.limit.q_star;
    theory.forward_rate_neglected = free_neglected(theory.limit, false);
    theory.backward_rate_neglected = free_neglected(theory.limit, grows && !facts.homogeneous());
  }
  if (theory.correction && !free && !is_linear(facts))
    theory.backward_rate_neglected = theory.correction->neglected / (n * n);
  if (!forward) return;
  theory.log_q_star_neglected = forward->neglected / (n * n);
  theory.relative_xi_q_neglected = length_neglected(*forward, width);
}

void add_width(PointTheory& theory, const InfiniteWidthPredictor& predict, const MapTheory& map,
               WeightDistribution weights, std::int64_t width) {
  const MeanField& mean_field = predict.mean_field();
  const auto law = free_law(mean_field.facts(), map.variances, map.limit, weights, width);
  const auto forward = forward_correction(mean_field, map.variances, map.limit);
  theory.backward_rate_n = backward_rate_at_width(mean_field, map.variances, map.limit, weights, width);
  theory.backward_variance_n = backward_variance(law, theory.correction, width);
  theory.forward_rate_n =
      law.transform([&](const LogRatioLaw& layer) { return std::log(map.limit.chi_q) + layer.mean; });
  theory.q_star_n = geometric_q_star(forward, map.limit, weights, width);
  add_neglected(theory, forward, law.has_value(), mean_field.facts(), width);
  theory.share_astray = share_astray(predict, map, weights, width);
  auto reason = strays(theory.share_astray, map.barriers);
  if (!reason && forward && !law && !is_linear(mean_field.facts())) reason = strays_far(*forward, width);
  if (!reason) return;
  for (Value* value :
       {&theory.backward_rate_n, &theory.backward_variance_n, &theory.forward_rate_n, &theory.q_star_n})
    *value = *reason;
}

}  // namespace

PointTheory point_theory(const InfiniteWidthPredictor& predict, const MapTheory& map,
                         WeightDistribution weights, std::optional<std::int64_t> width) {
  const MeanField& mean_field = predict.mean_field();
  const InfiniteWidth& limit = map.limit;
  PointTheory theory{.limit = limit,
                     .phase = phase_at(limit),
                     .correlation = map.correlation,
                     .backward_rate = backward_rate(limit),
                     .backward_rate_n = Reason::no_width,
                     .backward_variance_n = Reason::no_width,
                     .forward_rate_n = Reason::no_width,
                     .q_star_n = Reason::no_width,
                     .correction = gradient_correction(mean_field, map.variances, limit, weights),
                     .decay = map.decay,
                     .barriers = map.barriers};
  if (width) add_width(theory, predict, map, weights, *width);
  return theory;
}

PointTheory unknown_theory(Reason reason) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return {.limit = {.q_star = reason,
                    .chi = none,
                    .chi_q = none,
                    .xi_q = reason,
                    .fixed_points = {},
                    .transient = reason,
                    .no_fixed_point = false},
          .phase = reason,
          .correlation = {.c_star = reason, .distance = reason, .xi_c = reason, .fixed_points = {}},
          .backward_rate = reason,
          .backward_rate_n = reason,
          .backward_variance_n = reason,
          .forward_rate_n = reason,
          .q_star_n = reason,
          .correction = reason,
          .decay = reason};
}

PointUncertainty uncertainty_of(const InfiniteWidthPredictor& predict, const MapTheory& map,
                                WeightDistribution weights) {
  const MeanField& mean_field = predict.mean_field();
  const Uncertainty limit = uncertainty_of(mean_field, map.variances, map.limit);
  return {.limit = limit,
          .c_star = map.correlation.c_star_error,
          .xi_c = correlation_length_error(map, limit),
          .critical_weight_variance = error_at_criticality(predict, map.variances.bias),
          .correction = gradient_correction_error(mean_field, map.variances, map.limit, weights, limit)};
}

PairProfile pair_profile(const InfiniteWidthPredictor& predict, Variances variances,
                         const std::vector<double>& log_profile, double input_correlation) {
  const std::size_t deepest =
      predict.mean_field().facts().homogeneous() ? log_profile.size() : deepest_correlation;
  const double of_weights = variances.weight * predict.input_mean_square();
  return pair_profile(predict.mean_field(), variances, log_profile,
                      (1 - input_correlation) * (of_weights / predict.first_q(variances)), deepest);
}

NetworkLaw limit_law(const InfiniteWidthPredictor& predict, const MapTheory& map,
                     const std::vector<double>& log_profile) {
  return {log_profile.back(), Reason::no_width,
          log_gradient_gain(predict.mean_field(), map.variances, log_profile), Reason::no_width};
}

DepthTheory depth_theory(const InfiniteWidthPredictor& predict, const MapTheory& map,
                         WeightDistribution weights, std::optional<std::int64_t> width, int depth,
                         std::optional<double> input_correlation) {
  const MeanField& mean_field = predict.mean_field();
  const Variances variances = map.variances;
  auto log_profile = log_variance_profile(mean_field, variances, std::log(predict.first_q(variances)), depth);
  NetworkLaw network = width ? network_law(mean_field, variances, map.limit, weights, *width, log_profile)
                             : limit_law(predict, map, log_profile);
  if (const auto reason =
          width ? strays(share_astray(predict, map, weights, *width), map.barriers) : std::nullopt)
    network = {*reason, *reason, *reason, *reason};
  std::optional<PairProfile> pair;
  if (input_correlation) pair = pair_profile(predict, variances, log_profile, *input_correlation);
  return {std::move(log_profile), network, std::move(pair)};
}

}  // namespace varprop::theory
