#include "analysis/points/point_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/statistics/estimate.hpp"
#include "core/math/magnitude.hpp"
#include "core/math/moments.hpp"
#include "core/network/stream.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/neuron_shares.hpp"

namespace varprop::analysis {

namespace {

TotalChange total_change(std::span<const double> changes, const std::optional<Estimate>& total,
                         double factor) {
  const double log_factor = std::log(factor);
  const auto count = static_cast<double>(changes.size());
  double extinct = 0, in_range = 0;
  for (const double change : changes) {
    extinct += std::isnan(change);
    in_range += std::abs(change) < log_factor;
  }
  const bool infinite = total && std::isinf(total->value);  // no interval is needed to tell
  const auto interval = infinite ? Interval{total->value, total->value} : std::optional<Interval>{};
  return {extinct / count, in_range / count, infinite || !total ? interval : confidence_interval(*total)};
}

double largest_of(std::span<const double> logarithms) {
  double largest = 0;
  for (const double y : logarithms) largest = std::fmax(largest, std::abs(y));
  return largest;
}

std::optional<Estimate> mean_variance(std::span<const double> changes, std::int32_t batches) {
  const std::size_t replicas = changes.size() / static_cast<std::size_t>(batches);
  std::vector<double> variances;
  for (std::size_t first = 0; first < changes.size(); first += replicas) {
    Moments moments;
    for (const double change : changes.subspan(first, replicas)) {
      if (!std::isnan(change)) moments.add(change);
    }
    variances.push_back(moments.variance());
  }
  return mean_of(variances);
}

}  // namespace

Direction measure_direction(std::span<const double> at_end, std::int32_t batches, double log_start,
                            double factor, theory::ValueOrReason<Estimate> rate) {
  Direction direction{std::move(rate), std::nullopt, 0.0, std::nullopt};
  if (at_end.empty()) return direction;
  std::vector<double> changes(at_end.begin(), at_end.end());
  for (double& change : changes) change -= log_start;
  direction.total = mean_of(changes, log_rounding(largest_of(at_end), 1));
  const TotalChange change = total_change(changes, direction.total, factor);
  direction.extinct_share = change.extinct_share;
  direction.share_in_range = change.share_in_range;
  direction.regime = classify(change, factor);
  direction.variance = mean_variance(changes, batches);
  return direction;
}

namespace {

theory::ValueOrReason<Estimate> rate_of(const PointResults& results, const QuantityResults& quantity,
                                        const theory::ValueOrReason<Window>& window, SlopeMethod method) {
  if (results.batches_done == 0) return theory::Reason::no_batch;
  if (!window) return window.reason();
  return mean_slope(results, quantity, *window, method);
}

/// From a slope along l to a rate along the gradient's travel, down from L to 1.
theory::ValueOrReason<Estimate> downward(theory::ValueOrReason<Estimate> slope) {
  if (!slope) return slope;
  return Estimate{-slope->value, slope->error, slope->degrees_of_freedom};
}

Direction forward_direction(const PointResults& results, const theory::PointTheory& theory,
                            const AnalysisSettings& settings) {
  const theory::InfiniteWidth& limit = theory.limit;
  const auto window = find_window(results.layers, results.point.depth.value(), limit.transient,
                                  WindowEnds::input, limit.onset);
  const auto method = limit.no_fixed_point ? SlopeMethod::end_points : SlopeMethod::least_squares;
  Direction direction =
      measure_direction(results.of(Quantity::forward)->at_end, results.batches_done,
                        theory::mean_log_input_square(settings.network, Width(layer_width(results.point, 0))),
                        settings.factor, rate_of(results, *results.of(Quantity::forward), window, method));
  if (results.batches_done > 0) direction.law = forward_depth_law(results, theory, direction.extinct_share);
  return direction;
}

Direction backward_direction(const PointResults& results, const theory::PointTheory& theory,
                             const AnalysisSettings& settings) {
  const auto window = find_window(results.layers, results.point.depth.value(), theory.limit.transient,
                                  WindowEnds::both, theory.limit.onset);
  constexpr double log_g_last = 0;  // |v| = 1
  Direction direction = measure_direction(
      results.of(Quantity::backward)->at_end, results.batches_done, log_g_last, settings.factor,
      downward(rate_of(results, *results.of(Quantity::backward), window, SlopeMethod::end_points)));
  if (results.batches_done > 0) direction.law = backward_depth_law(results, theory, direction.extinct_share);
  return direction;
}

std::optional<Regime> regime_of(const std::optional<Direction>& direction) {
  return direction ? direction->regime : std::nullopt;
}

/// The cause of the severer direction; of the gradient where both are alike, since it is what trains.
std::optional<Cause> combined_cause(const PointAnalysis& analysis, const AnalysisSettings& settings) {
  if (!analysis.regime) return std::nullopt;
  const bool backward = regime_of(analysis.backward) == analysis.regime;
  const auto& rate = (backward ? analysis.backward : analysis.forward)->rate;
  return cause_of(*analysis.regime, backward ? Quantity::backward : Quantity::forward, analysis.point,
                  analysis.theory, rate ? std::optional(rate->value) : std::nullopt, settings.factor,
                  settings.network.input_mean_square);
}

/// The first layer's element of rows (batch, layer); none where nothing was measured.
std::vector<double> at_first_layer(const PointResults& results, std::vector<double> QuantityResults::*rows) {
  const auto& forward = results.of(Quantity::forward);
  std::vector<double> by_batch;
  if (!forward || results.batches_done == 0) return by_batch;
  const std::vector<double>& all = (*forward).*rows;
  for (std::size_t at = 0; at < all.size(); at += results.layers.size()) by_batch.push_back(all[at]);
  return by_batch;
}

/// ln of the mean over batches of what the rows have the logarithms of, at the first layer; without the bias
/// of a mean's logarithm, to first order.
std::optional<Estimate> log_of_mean_of_first_layer(const PointResults& results) {
  std::vector<double> values = at_first_layer(results, &QuantityResults::log_of_mean);
  const double largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  for (double& value : values) value = std::exp(value - largest);
  const auto mean = mean_of(values);
  if (!mean || !(mean->value > 0)) return std::nullopt;
  Estimate logarithm{std::log(mean->value) + largest, std::nullopt, mean->degrees_of_freedom};
  if (mean->error) {
    logarithm.error = *mean->error / mean->value;
    logarithm.value += 0.5 * *logarithm.error * *logarithm.error;
  }
  return logarithm;
}

/// The same of a layer of a stream: all its tokens, and all its matrices.
double entries_of_stream(const Point& point, Quantity quantity) {
  const double n = static_cast<double>(point.width.value()), T = point.tokens.value();
  if (quantity != Quantity::weight_gradient) return quantity == Quantity::backward ? n * T : n;
  return std::sqrt(weights_of_layer(point));
}

/// The n by which entries are counted (number_formats.hpp), at the layers of a point.
std::vector<double> entry_widths(const Point& point, Quantity quantity,
                                 std::span<const std::int32_t> layers) {
  std::vector<double> widths;
  if (has_stream(point.block)) return std::vector<double>(layers.size(), entries_of_stream(point, quantity));
  for (const std::int32_t l : layers) {
    const auto n = static_cast<double>(layer_width(point, l));
    const bool of_weights = quantity == Quantity::weight_gradient;
    widths.push_back(of_weights ? std::sqrt(static_cast<double>(layer_width(point, l - 1)) * n) : n);
  }
  return widths;
}

/// The logarithms are made to be of layers like the first, which those of plain networks are.
std::optional<WeightGradients> weight_gradients_of(const PointAnalysis& analysis,
                                                   const PooledProfile& profile,
                                                   std::span<const std::int32_t> layers,
                                                   const AnalysisSettings& settings) {
  const auto log_entry = [&](std::int32_t l) {
    return entry_variance(analysis.point, settings.network.variance_scaling, l).ln();
  };
  const auto widths = entry_widths(analysis.point, Quantity::weight_gradient, layers);
  std::vector<double> alive, alike;
  for (std::size_t i = 0; i < profile.log_mean.size(); ++i) {
    if (std::isnan(profile.log_mean[i])) continue;
    alive.push_back(profile.log_mean[i]);
    if (has_stream(analysis.point.block)) continue;
    alike.push_back(alive.back() + 2 * std::log(widths[0] / widths[i]) +
                    (log_entry(layers[0]) - log_entry(layers[i])));
  }
  if (alive.empty()) return std::nullopt;
  if (has_stream(analysis.point.block)) {
    const auto [least, most] = std::minmax_element(alive.begin(), alive.end());
    return WeightGradients{*most - *least, std::numeric_limits<double>::quiet_NaN()};
  }
  const auto [low, high] = std::minmax_element(alive.begin(), alive.end());
  const double log_weight = 0.5 * log_entry(layers[0]);
  const GradientScale unscaled{1, settings.gradient_scale.output_gradient_norm};
  const double log_gradient =
      log_entry_rms(Quantity::weight_gradient, mean_of(alike)->value, widths[0], unscaled);
  return WeightGradients{*high - *low, log_gradient - log_weight};
}

theory::ValueOrReason<double> trainable_depth(const theory::PointTheory& theory,
                                              const AnalysisSettings& settings) {
  const theory::ValueOrReason<double>& xi_c = theory.correlation.xi_c;
  return xi_c ? theory::ValueOrReason<double>(settings.trainable_depth_factor * *xi_c) : xi_c;
}

void add_profiles(PointAnalysis& analysis, const PointResults& results, const PooledProfiles& pooled,
                  const AnalysisSettings& settings) {
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    if (!pooled[i]) continue;
    analysis.exits[i] = find_exits(
        positive_quantities[i], results.layers, pooled[i]->log_mean, pooled[i]->log_variance,
        entry_widths(results.point, positive_quantities[i], results.layers), settings.gradient_scale);
    if (positive_quantities[i] == Quantity::weight_gradient) {
      analysis.weight_gradient = weight_gradients_of(analysis, *pooled[i], results.layers, settings);
    }
  }
}

/// The shares of saturated and dead neurons at exp⟨ln q_l⟩.
void add_shares(PooledProfile& forward, const Activation& activation) {
  const theory::NeuronShares shares(activation);
  for (const double log_q : forward.log_mean) {
    forward.saturated_share.push_back(std::isnan(log_q) ? 0 : shares.saturated(log_q));
    forward.dead_share.push_back(std::isnan(log_q) ? 0 : shares.dead(log_q));
  }
}

void add_largest_shares(PointAnalysis& analysis, const std::optional<PooledProfile>& forward) {
  if (!forward || forward->saturated_share.empty()) return;
  analysis.largest_saturated_share = std::ranges::max(forward->saturated_share);
  analysis.largest_dead_share = std::ranges::max(forward->dead_share);
}

/// Of a plain layer its own widths.
double weights_at(const Point& point, MatrixRole role, std::int32_t l) {
  if (has_stream(point.block)) return weights_of(point, role);
  return static_cast<double>(layer_width(point, l)) * static_cast<double>(layer_width(point, l - 1));
}

void add_weakest_matrix(PointAnalysis& analysis, const PointResults& results, const PooledProfiles& pooled) {
  double most = -HUGE_VAL, least = HUGE_VAL;
  std::optional<WeakestMatrix> weakest;
  for (std::size_t r = 0; r < matrix_roles; ++r) {
    const auto& profile = pooled.groups.values[r];
    const auto role = static_cast<MatrixRole>(r);
    for (std::size_t i = 0; profile && i < profile->log_mean.size(); ++i) {
      if (profile->extinct[i] < 0) continue;  // not of this layer
      const double log_square = std::isnan(profile->log_mean[i]) ? -HUGE_VAL : profile->log_mean[i];
      const double each = log_square - std::log(weights_at(results.point, role, results.layers[i]));
      most = std::max(most, each);
      if (weakest && each >= least) continue;
      least = each;
      weakest = WeakestMatrix{role, results.layers[i], 0};
    }
  }
  if (!weakest || most == -HUGE_VAL) return;
  weakest->log_ratio = 0.5 * (least - most);
  analysis.weakest_matrix = weakest;
}

void add_totals(PointAnalysis& analysis, const PointResults& results) {
  for (std::size_t i = 0; i < all_totals.size(); ++i) {
    if (results.totals[i] && results.batches_done > 0)
      analysis.totals[i] =
          moments_of_total(*results.totals[i], results.batches_done, results.point.depth.value());
  }
}

}  // namespace

PooledProfiles pool_profiles(const PointResults& results, std::int32_t replicas_per_batch) {
  PooledProfiles pooled;
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    const auto& quantity = results.quantities[i];
    if (quantity && results.batches_done > 0)
      pooled[i] = pool_batches(results, *quantity, replicas_per_batch);
  }
  for (std::size_t i = 0; i < matrix_roles; ++i) {
    const auto& group = results.groups.values[i];
    if (group && results.batches_done > 0)
      pooled.groups.values[i] = pool_batches(results, *group, replicas_per_batch);
  }
  for (std::size_t i = 0; i < all_overlaps.size(); ++i) {
    if (results.overlaps[i] && results.batches_done > 0)
      pooled.overlaps[i] = pool_batches(*results.overlaps[i], results.layers.size(), replicas_per_batch);
  }
  auto& forward = pooled[position_of(Quantity::forward)];
  const bool seen = results.of(Quantity::activations) && !has_stream(results.point.block);
  if (forward && seen) add_shares(*forward, results.point.activation);
  return pooled;
}

PointAnalysis analyze_point(const PointResults& results, const PooledProfiles& pooled,
                            const theory::PointTheory& theory, const AnalysisSettings& settings) {
  PointAnalysis analysis{.point = results.point, .batches_done = results.batches_done, .theory = theory};
  if (results.of(Quantity::forward)) analysis.forward = forward_direction(results, theory, settings);
  if (results.of(Quantity::backward)) analysis.backward = backward_direction(results, theory, settings);
  analysis.trainable_depth = trainable_depth(theory, settings);
  analysis.first_layer = mean_of(at_first_layer(results, &QuantityResults::log_mean));
  analysis.first_layer_of_mean = log_of_mean_of_first_layer(results);
  const auto& forward = results.of(Quantity::forward);
  analysis.share_astray = forward ? share_astray(*forward, theory.barriers) : theory.share_astray;
  analysis.regime = combine(regime_of(analysis.forward), regime_of(analysis.backward));
  analysis.cause = combined_cause(analysis, settings);
  add_profiles(analysis, results, pooled, settings);
  add_largest_shares(analysis, pooled[position_of(Quantity::forward)]);
  add_weakest_matrix(analysis, results, pooled);
  add_totals(analysis, results);
  return analysis;
}

}  // namespace varprop::analysis
