#include "analysis/point_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/depth_laws.hpp"
#include "core/math/magnitude.hpp"
#include "theory/first_layer.hpp"

namespace varprop {

namespace {

Reasoned<MeanEstimate> rate_of(const PointResults& results, const QuantityResults& quantity,
                               const Reasoned<Window>& window, SlopeMethod method) {
  if (results.batches_done == 0) return Reasoned<MeanEstimate>::none("no batch is done");
  if (!window) return Reasoned<MeanEstimate>::none(window.reason());
  return mean_slope(results, quantity, *window, method);
}

/// From a slope along l to a rate along the gradient's travel, down from L to 1.
Reasoned<MeanEstimate> downward(Reasoned<MeanEstimate> slope) {
  if (!slope) return slope;
  return MeanEstimate{slope->count, -slope->mean, slope->error};
}

Direction forward_direction(const PointResults& results, const PointTheory& theory,
                            const AnalysisSettings& settings) {
  const InfiniteWidth& limit = theory.limit;
  const auto window = find_window(results.layers, results.point.depth.value(), limit.transient,
                                  WindowEnds::input, limit.onset);
  const auto method = limit.free_running ? SlopeMethod::end_points : SlopeMethod::least_squares;
  Direction direction =
      measure_direction(results.forward->at_end, results.batches_done,
                        mean_log_input_square(settings.ensemble.input, results.point.width), settings.factor,
                        rate_of(results, *results.forward, window, method));
  if (results.batches_done > 0) direction.law = forward_depth_law(results, theory, direction.extinct_share);
  return direction;
}

Direction backward_direction(const PointResults& results, const PointTheory& theory,
                             const AnalysisSettings& settings) {
  const auto window = find_window(results.layers, results.point.depth.value(), theory.limit.transient,
                                  WindowEnds::both, theory.limit.onset);
  constexpr double log_g_last = 0;  // |v| = 1
  Direction direction =
      measure_direction(results.backward->at_end, results.batches_done, log_g_last, settings.factor,
                        downward(rate_of(results, *results.backward, window, SlopeMethod::end_points)));
  if (results.batches_done > 0) direction.law = backward_depth_law(results, theory, direction.extinct_share);
  return direction;
}

std::optional<Regime> regime_of(const std::optional<Direction>& direction) {
  return direction ? direction->regime : std::nullopt;
}

/// The cause of the severer direction; of the gradient where both are alike, since it is what trains.
std::optional<Cause> combined_cause(const PointAnalysis& analysis, double factor) {
  if (!analysis.regime) return std::nullopt;
  const bool backward = regime_of(analysis.backward) == analysis.regime;
  return cause_of(*analysis.regime, backward ? Quantity::backward : Quantity::forward, analysis.point,
                  analysis.theory, factor);
}

/// The first layer's element of rows (batch, layer).
std::optional<MeanEstimate> first_layer_of(const PointResults& results,
                                           std::vector<double> QuantityResults::*rows) {
  if (!results.forward || results.batches_done == 0) return std::nullopt;
  std::vector<double> by_batch;
  for (std::size_t at = 0; at < ((*results.forward).*rows).size(); at += results.layers.size()) {
    by_batch.push_back(((*results.forward).*rows)[at]);
  }
  return mean_of(by_batch);
}

std::optional<WeightGradients> weight_gradients_of(const PointAnalysis& analysis,
                                                   const PooledProfile& profile,
                                                   const AnalysisSettings& settings) {
  std::vector<double> alive;
  std::copy_if(profile.log_mean.begin(), profile.log_mean.end(), std::back_inserter(alive),
               [](double y) { return !std::isnan(y); });
  if (alive.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(alive.begin(), alive.end());
  const double log_weight = 0.5 * entry_variance(analysis.point, settings.ensemble.variance_scaling).ln();
  const GradientScale unscaled{1, settings.gradient_scale.output_gradient_norm};
  const double log_gradient = log_entry_rms(Quantity::weight_gradient, mean_of(alive)->mean,
                                            static_cast<double>(analysis.point.width.value()), unscaled);
  return WeightGradients{*high - *low, log_gradient - log_weight};
}

Reasoned<double> trainable_depth(const PointTheory& theory, const AnalysisSettings& settings) {
  const Reasoned<double>& xi_c = theory.correlation.xi_c;
  return xi_c ? Reasoned<double>(settings.trainable_depth_factor * *xi_c) : xi_c;
}

void add_profiles(PointAnalysis& analysis, const PointResults& results, const PooledProfiles& pooled,
                  const AnalysisSettings& settings) {
  const auto width = static_cast<double>(results.point.width.value());
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    if (!pooled[i]) continue;
    analysis.exits[i] = find_exits(positive_quantities[i], results.layers, pooled[i]->log_mean, width,
                                   settings.gradient_scale);
    if (positive_quantities[i] == Quantity::weight_gradient) {
      analysis.weight_gradient = weight_gradients_of(analysis, *pooled[i], settings);
    }
  }
}

}  // namespace

PooledProfiles pool_profiles(const PointResults& results, std::int32_t replicas_per_batch) {
  PooledProfiles pooled;
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    const auto& quantity = results.*results_of(positive_quantities[i]);
    if (quantity && results.batches_done > 0)
      pooled[i] = pool_batches(results, *quantity, replicas_per_batch);
  }
  return pooled;
}

PointAnalysis analyze_point(const PointResults& results, const PooledProfiles& pooled,
                            const PointTheory& theory, const AnalysisSettings& settings) {
  PointAnalysis analysis{.point = results.point, .batches_done = results.batches_done, .theory = theory};
  if (results.forward) analysis.forward = forward_direction(results, theory, settings);
  if (results.backward) analysis.backward = backward_direction(results, theory, settings);
  analysis.trainable_depth = trainable_depth(theory, settings);
  analysis.first_layer = first_layer_of(results, &QuantityResults::log_mean);
  analysis.first_layer_of_mean = first_layer_of(results, &QuantityResults::log_of_mean);
  analysis.regime = combine(regime_of(analysis.forward), regime_of(analysis.backward));
  analysis.cause = combined_cause(analysis, settings.factor);
  add_profiles(analysis, results, pooled, settings);
  return analysis;
}

}  // namespace varprop
