#include "analysis/predictions.hpp"

#include <cmath>

#include "theory/critical_variance.hpp"
#include "theory/finite_width.hpp"
#include "theory/first_layer.hpp"
#include "theory/free_running.hpp"

namespace varprop {

namespace {

Reasoned<double> log_chi(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reasoned<double>::none("chi is 0");
  return std::log(limit.chi);
}

Reasoned<Phase> phase_at(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reasoned<Phase>::none("chi is 0");
  return phase_of(limit.chi);
}

/// What one layer of straight lines does at the point's width, where the signal runs free.
Reasoned<LogRatioLaw> free_law(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit,
                               const Point& point) {
  const auto slopes = free_running_slopes(mean_field.facts(), variances, limit);
  if (!slopes) return Reasoned<LogRatioLaw>::none(slopes.reason());
  return slopes_log_ratio(*slopes, point.width.value(), point.weights);
}

Reasoned<double> forward_rate(const InfiniteWidth& limit, const Reasoned<LogRatioLaw>& law) {
  if (!law) return Reasoned<double>::none(law.reason());
  return std::log(limit.chi_q) + law->mean;
}

Reasoned<double> backward_variance(const Reasoned<LogRatioLaw>& law,
                                   const Reasoned<GradientCorrection>& correction, Width width) {
  if (law) return law->variance;
  if (!correction) return Reasoned<double>::none(correction.reason());
  return correction->fluctuation / static_cast<double>(width.value());
}

Reasoned<double> geometric_q_star(const MeanField& mean_field, Variances variances,
                                  const InfiniteWidth& limit, const Point& point) {
  if (point.weights != Weights::gaussian) return Reasoned<double>::none("known for Gaussian weights only");
  const auto correction = forward_correction(mean_field, variances, limit);
  if (!correction) return Reasoned<double>::none(correction.reason());
  return *limit.q_star * std::exp(correction->drift / static_cast<double>(point.width.value()));
}

}  // namespace

const PointTheory& Predictions::operator()(const Point& point) {
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
  const std::tuple key(MapKey(point.activation.text(), variances.weight, variances.bias), point.weights,
                       point.width);
  const auto found = known_.find(key);
  return found != known_.end() ? found->second
                               : known_.emplace(key, theory_of(point, variances)).first->second;
}

const InfiniteWidthPredictor& Predictions::predictor(const Activation& activation) {
  return predictors_.try_emplace(activation.text(), activation).first->second;
}

Reasoned<double> Predictions::critical_weight_variance(const Point& point) {
  return in_units_of(
      point, varprop::critical_weight_variance(predictor(point.activation), point.bias_variance.value()));
}

Reasoned<double> Predictions::critical_weight_variance_at_width(const Point& point) {
  return in_units_of(
      point, varprop::critical_weight_variance_at_width(predictor(point.activation), point.weights,
                                                        point.bias_variance.value(), point.width.value()));
}

/// Of σ_w² = n Var W_ij, what stands in a sweep file.
Reasoned<double> Predictions::in_units_of(const Point& point, const Reasoned<double>& weight_variance) const {
  if (ensemble_.variance_scaling == VarianceScaling::fan_in || !weight_variance) return weight_variance;
  return *weight_variance / static_cast<double>(point.width.value());
}

const Predictions::MapTheory& Predictions::map_of(const Point& point, Variances variances) {
  const MapKey key(point.activation.text(), variances.weight, variances.bias);
  const auto found = maps_.find(key);
  if (found != maps_.end()) return found->second;
  const InfiniteWidthPredictor& predict = predictor(point.activation);
  const InfiniteWidth limit = predict(variances, first_layer_variance(variances));
  return maps_
      .emplace(key, MapTheory{limit, correlation_limit(predict.mean_field(), variances, limit),
                              critical_decay(predict.mean_field(), variances, limit)})
      .first->second;
}

PointTheory Predictions::theory_of(const Point& point, Variances variances) {
  const MapTheory& map = map_of(point, variances);
  const InfiniteWidth& limit = map.limit;
  const MeanField& mean_field = predictor(point.activation).mean_field();
  const auto law = free_law(mean_field, variances, limit, point);
  const auto correction = gradient_correction(mean_field, variances, limit, point.weights);
  return {.limit = limit,
          .phase = phase_at(limit),
          .correlation = map.correlation,
          .backward_rate = log_chi(limit),
          .backward_rate_n =
              backward_rate_at_width(mean_field, variances, limit, point.weights, point.width.value()),
          .backward_variance_n = backward_variance(law, correction, point.width),
          .forward_rate_n = forward_rate(limit, law),
          .q_star_n = geometric_q_star(mean_field, variances, limit, point),
          .correction = correction,
          .decay = map.decay};
}

}  // namespace varprop
