#include "analysis/point_analysis.hpp"

#include <cmath>

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

Direction forward_direction(const PointResults& results, const InfiniteWidth& limit,
                            const AnalysisSettings& settings) {
  const auto window =
      find_window(results.layers, results.point.depth.value(), limit.transient, WindowEnds::input);
  const auto method = limit.free_running ? SlopeMethod::end_points : SlopeMethod::least_squares;
  return measure_direction(results.forward->at_end, mean_log_input_square(settings.ensemble.input, results.point.width),
                           settings.factor, rate_of(results, *results.forward, window, method));
}

Direction backward_direction(const PointResults& results, const InfiniteWidth& limit,
                             const AnalysisSettings& settings) {
  const auto window =
      find_window(results.layers, results.point.depth.value(), limit.transient, WindowEnds::both);
  constexpr double log_g_last = 0;  // |v| = 1
  return measure_direction(results.backward->at_end, log_g_last, settings.factor,
                           downward(rate_of(results, *results.backward, window, SlopeMethod::end_points)));
}

std::optional<Regime> regime_of(const std::optional<Direction>& direction) {
  return direction ? direction->regime : std::nullopt;
}

Reasoned<double> log_chi(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reasoned<double>::none("chi is 0");
  return std::log(limit.chi);
}

}  // namespace

PointAnalysis analyze_point(const PointResults& results, const InfiniteWidth& limit,
                            const AnalysisSettings& settings) {
  PointAnalysis analysis{results.point, results.batches_done, log_chi(limit), {}, {}, {}};
  if (results.forward) analysis.forward = forward_direction(results, limit, settings);
  if (results.backward) analysis.backward = backward_direction(results, limit, settings);
  analysis.regime = combine(regime_of(analysis.forward), regime_of(analysis.backward));
  return analysis;
}

}  // namespace varprop
