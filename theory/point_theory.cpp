#include "theory/point_theory.hpp"

#include <algorithm>
#include <cmath>

#include "theory/layer_map.hpp"
#include "theory/log_ratio.hpp"

namespace varprop::theory {

namespace {

using Value = ValueOrReason<double>;

ValueOrReason<Phase> phase_at(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reason::chi_is_0;
  return phase_of(limit.chi);
}

/// What one layer of straight lines does at this width, where the signal runs free.
ValueOrReason<LogRatioLaw> free_law(const MeanField& mean_field, const MapTheory& map,
                                    WeightDistribution weights, std::int64_t width) {
  const auto slopes = slopes_without_fixed_point(mean_field.facts(), map.variances, map.limit);
  if (!slopes) return slopes.reason();
  return slopes_log_ratio(*slopes, width, weights);
}

Value backward_variance(const ValueOrReason<LogRatioLaw>& law,
                        const ValueOrReason<GradientCorrection>& correction, std::int64_t width) {
  if (law) return law->variance;
  return correction.transform(
      [&](const GradientCorrection& known) { return known.fluctuation / static_cast<double>(width); });
}

Value geometric_q_star(const MeanField& mean_field, const MapTheory& map, WeightDistribution weights,
                       std::int64_t width) {
  if (weights != WeightDistribution::gaussian) return Reason::only_gaussian;
  return forward_correction(mean_field, map.variances, map.limit)
      .transform([&](const ForwardCorrection& correction) {
        return *map.limit.q_star * std::exp(correction.drift / static_cast<double>(width));
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
  return uncertainty_of(predict.mean_field(), edge, predict.without_onset(edge, first_layer_variance(edge)))
      .critical_weight_variance;
}

/// 1 − c_1, …, of two inputs.
std::vector<double> distances_through(const MeanField& mean_field, Variances variances,
                                      const std::vector<double>& log_profile, double input_correlation) {
  const auto layers = std::min<std::size_t>(log_profile.size(), deepest_correlation);
  const std::vector<double> followed(log_profile.begin(), log_profile.begin() + static_cast<long>(layers));
  const double first = (1 - input_correlation) * (variances.weight / (variances.weight + variances.bias));
  return correlation_profile(mean_field, variances, followed, first);
}

}  // namespace

MapTheory map_theory(const InfiniteWidthPredictor& predict, Variances variances) {
  const InfiniteWidth limit = predict(variances, first_layer_variance(variances));
  return {variances, limit, correlation_limit(predict.mean_field(), variances, limit),
          critical_decay(predict.mean_field(), variances, limit)};
}

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
                     .decay = map.decay};
  if (!width) return theory;
  const auto law = free_law(mean_field, map, weights, *width);
  theory.backward_rate_n = backward_rate_at_width(mean_field, map.variances, limit, weights, *width);
  theory.backward_variance_n = backward_variance(law, theory.correction, *width);
  theory.forward_rate_n =
      law.transform([&](const LogRatioLaw& layer) { return std::log(limit.chi_q) + layer.mean; });
  theory.q_star_n = geometric_q_star(mean_field, map, weights, *width);
  return theory;
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

DepthTheory depth_theory(const InfiniteWidthPredictor& predict, const MapTheory& map,
                         WeightDistribution weights, std::optional<std::int64_t> width, int depth,
                         std::optional<double> input_correlation) {
  const MeanField& mean_field = predict.mean_field();
  const Variances variances = map.variances;
  auto log_profile =
      log_variance_profile(mean_field, variances, std::log(first_layer_variance(variances)), depth);
  const NetworkLaw network =
      width ? network_law(mean_field, variances, map.limit, weights, *width, log_profile)
            : NetworkLaw{log_profile.back(), Reason::no_width,
                         log_gradient_gain(mean_field, variances, log_profile), Reason::no_width};
  std::vector<double> distances;
  if (input_correlation)
    distances = distances_through(mean_field, variances, log_profile, *input_correlation);
  return {std::move(log_profile), network, std::move(distances)};
}

}  // namespace varprop::theory
