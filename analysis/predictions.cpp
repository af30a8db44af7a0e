#include "analysis/predictions.hpp"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/parallel_for.hpp"
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

/// Adds to `known` the values of the keys that it has not, each computed from one of its points.
template <class Key, class Value, class KeyOf, class Compute>
void compute_missing(std::span<const Point> points, std::map<Key, Value>& known, const KeyOf& key_of,
                     const Compute& compute) {
  std::map<Key, const Point*> missing;
  for (const Point& point : points) {
    const Key key = key_of(point);
    if (!known.contains(key)) missing.emplace(key, &point);
  }
  const std::vector<std::pair<Key, const Point*>> work(missing.begin(), missing.end());
  std::vector<std::optional<Value>> values(work.size());
  parallel_for(work.size(), [&](std::size_t i) { values[i] = compute(*work[i].second); });
  for (std::size_t i = 0; i < work.size(); ++i) known.emplace(work[i].first, std::move(*values[i]));
}

}  // namespace

void Predictions::prepare(std::span<const Point> points) {
  for (const Point& point : points) predictor(point.activation);
  compute_missing(
      points, maps_, [this](const Point& point) { return map_key(point); },
      [this](const Point& point) { return map_theory(point); });
  compute_missing(
      points, known_, [this](const Point& point) { return point_key(point); },
      [this](const Point& point) { return point_theory(point); });
}

const PointTheory& Predictions::operator()(const Point& point) {
  const auto found = known_.find(point_key(point));
  if (found != known_.end()) return found->second;
  prepare({&point, 1});
  return known_.at(point_key(point));
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

Predictions::MapKey Predictions::map_key(const Point& point) const {
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
  return {point.activation.text(), variances.weight, variances.bias};
}

Predictions::MapTheory Predictions::map_theory(const Point& point) const {
  const InfiniteWidthPredictor& predict = predictors_.at(point.activation.text());
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
  const InfiniteWidth limit = predict(variances, first_layer_variance(variances));
  return {limit, correlation_limit(predict.mean_field(), variances, limit),
          critical_decay(predict.mean_field(), variances, limit)};
}

PointTheory Predictions::point_theory(const Point& point) const {
  const MapTheory& map = maps_.at(map_key(point));
  const InfiniteWidth& limit = map.limit;
  const MeanField& mean_field = predictors_.at(point.activation.text()).mean_field();
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
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
