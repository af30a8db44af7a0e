#include "analysis/points/predictions.hpp"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/points/parallel_for.hpp"
#include "theory/layer_map.hpp"

namespace varprop::analysis {

namespace {

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

/// What is known of a key; computed where nothing is, without keeping others waiting.
template <class Key, class Value, class Compute>
Value remembered(std::mutex& mutex, std::map<Key, Value>& known, const Key& key, const Compute& compute) {
  {
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  const Value value = compute();
  const std::lock_guard lock(mutex);
  return known.emplace(key, value).first->second;
}

}  // namespace

void Predictions::prepare(std::span<const Point> points) {
  for (const Point& point : points) predictor(point.activation);
  compute_missing(
      points, maps_, [this](const Point& point) { return map_key(point); },
      [this](const Point& point) { return map_of(point); });
  compute_missing(
      points, known_, [](const Point& point) { return point.without<Depth>(); },
      [this](const Point& point) { return theory_of(point); });
}

const theory::PointTheory& Predictions::operator()(const Point& point) {
  const auto found = known_.find(point.without<Depth>());
  if (found != known_.end()) return found->second;
  prepare({&point, 1});
  return known_.at(point.without<Depth>());
}

const theory::InfiniteWidthPredictor& Predictions::predictor(const Activation& activation) {
  return predictors_.try_emplace(activation.text(), activation).first->second;
}

theory::ValueOrReason<double> Predictions::critical_weight_variance(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  return in_units_of(
      point, remembered(critical_, critical_variances_,
                        point.without<WeightDistribution, WeightVariance, Width, Depth>(), [&] {
                          return theory::critical_weight_variance(predict, point.bias_variance.value());
                        }));
}

theory::ValueOrReason<double> Predictions::critical_weight_variance_at_width(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  return in_units_of(
      point, remembered(critical_, critical_variances_at_width_, point.without<WeightVariance, Depth>(), [&] {
        return theory::critical_weight_variance_at_width(predict, point.weights, point.bias_variance.value(),
                                                         point.width.value());
      }));
}

/// Of σ_w² = n Var W_ij, what stands in a sweep file.
theory::ValueOrReason<double> Predictions::in_units_of(
    const Point& point, const theory::ValueOrReason<double>& weight_variance) const {
  if (ensemble_.variance_scaling == VarianceScaling::fan_in || !weight_variance) return weight_variance;
  return *weight_variance / static_cast<double>(point.width.value());
}

Predictions::MapKey Predictions::map_key(const Point& point) const {
  return {point.without<WeightDistribution, WeightVariance, Width, Depth>(),
          theory::variances_of(point, ensemble_.variance_scaling).weight};
}

theory::MapTheory Predictions::map_of(const Point& point) const {
  return map_theory(predictors_.at(point.activation.text()),
                    theory::variances_of(point, ensemble_.variance_scaling));
}

theory::PointTheory Predictions::theory_of(const Point& point) const {
  return point_theory(predictors_.at(point.activation.text()), maps_.at(map_key(point)), point.weights,
                      point.width.value());
}

}  // namespace varprop::analysis
