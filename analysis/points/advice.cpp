#include "analysis/points/advice.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/points/point_grid.hpp"

namespace varprop::analysis {

namespace {

/// The points that differ in the weight variance alone, ascending in it.
using Group = std::vector<PointAnalysis*>;

double variance_of(const PointAnalysis& analysis) {
  return analysis.point.weight_variance.value();
}

bool same(double a, double b) {
  return std::abs(a / b - 1) < 1e-9;
}

double log_distance(double a, double b) {
  return std::abs(std::log(a / b));
}

/// The nearest stable point of a group; none where none is stable.
const PointAnalysis* nearest_stable_in(const Group& group, double weight_variance) {
  const PointAnalysis* best = nullptr;
  for (const PointAnalysis* const other : group) {
    if (other->regime != Regime::stable) continue;
    if (!best || log_distance(variance_of(*other), weight_variance) <
                     log_distance(variance_of(*best), weight_variance))
      best = other;
  }
  return best;
}

/// Whether a measured point says that a weight variance between it and the stable ones must be `beyond` it.
bool points_to(const PointAnalysis& neighbour, Regime beyond) {
  return !neighbour.regime || neighbour.regime == beyond || neighbour.regime == Regime::undecided;
}

/// Whether the grid, none of whose points is stable, speaks against a stable weight variance there.
bool contradicts(const Group& group, double weight_variance) {
  const PointAnalysis *below = nullptr, *above = nullptr;
  for (const PointAnalysis* const other : group) {
    if (!other->regime) continue;
    if (same(variance_of(*other), weight_variance)) return true;
    if (variance_of(*other) < weight_variance) below = other;
    if (variance_of(*other) > weight_variance && !above) above = other;
  }
  return (below && !points_to(*below, Regime::vanishing)) || (above && !points_to(*above, Regime::exploding));
}

/// P(|N(mean, variance)| < limit).
double share_within(double limit, double mean, double variance) {
  if (variance == 0) return std::abs(mean) < limit ? 1 : 0;
  const double deviation = std::sqrt(2 * variance);
  return 0.5 * (std::erf((limit - mean) / deviation) + std::erf((limit + mean) / deviation));
}

/// Theory's variance over networks of ln g_1; 0 where it knows none.
double variance_by_theory(const PointAnalysis& analysis) {
  const auto& per_layer = analysis.theory.backward_variance_n;
  return per_layer ? *per_layer * (analysis.point.depth.value() - 1) : 0;
}

/// Whether single networks of this width stray from a mean that stays where it is, as far as theory knows.
bool strays(const PointAnalysis& analysis, double factor) {
  return share_within(std::log(factor), 0, variance_by_theory(analysis)) < least_share_in_range;
}

bool mean_leaves_range(const PointAnalysis& analysis) {
  return analysis.regime == Regime::vanishing || analysis.regime == Regime::exploding;
}

/// The critical weight variance of theory, at the point's width where it is known there.
std::optional<double> theoretical(Predictions& predictions, const Point& point) {
  auto variance = predictions.critical_weight_variance_at_width(point);
  if (!variance) variance = predictions.critical_weight_variance(point);
  return variance.optional();
}

std::optional<StableVariance> stable_variance_for(const PointAnalysis& analysis, const Group& group,
                                                  Predictions& predictions, double factor) {
  if (const PointAnalysis* const stable = nearest_stable_in(group, variance_of(analysis)))
    return StableVariance{variance_of(*stable), StableSource::grid};
  if (!mean_leaves_range(analysis) || strays(analysis, factor)) return std::nullopt;
  const auto critical = theoretical(predictions, analysis.point);
  if (!critical || contradicts(group, *critical)) return std::nullopt;
  return StableVariance{*critical, StableSource::theory};
}

/// From this width on not more than a tenth of the networks die.
double least_living_width(const Point& point) {
  const double steps = point.depth.value() - 1;
  return dies_by_law(point.activation) && steps > 0 ? std::log2(steps / largest_extinct_share) : 1;
}

/// ρ of the signal or the gradient over the depth.
double infinite_change(const PointAnalysis& analysis, Quantity quantity) {
  const theory::InfiniteWidth& limit = analysis.theory.limit;
  const double steps = analysis.point.depth.value() - 1;
  if (quantity == Quantity::backward)
    return analysis.theory.backward_rate ? steps * *analysis.theory.backward_rate : 0;
  return limit.no_fixed_point ? steps * std::log(limit.chi_q) : 0;
}

/// Where no weight variance is stable at this width, for single networks stray: where theory's would be.
std::optional<double> width_for_a_weight_variance(const PointAnalysis& analysis, double factor) {
  if (!mean_leaves_range(analysis) || analysis.nearest_stable || !strays(analysis, factor))
    return std::nullopt;
  const Direction at_the_edge{.rate = theory::Reason::no_batch,
                              .total = Estimate{0, std::nullopt},
                              .extinct_share = 0,
                              .regime = analysis.regime,
                              .variance = Estimate{variance_by_theory(analysis), std::nullopt}};
  return stable_width_of(analysis.point, at_the_edge, 0, factor);
}

/// The severer demand of both directions; nothing where the width is not what is wrong, or does not help.
std::optional<double> stable_width_for(const PointAnalysis& analysis, double factor) {
  const bool for_want_of_neurons =
      analysis.regime == Regime::erratic || analysis.regime == Regime::extinct ||
      (analysis.cause == Cause::finite_width && analysis.regime != Regime::stable);
  if (!for_want_of_neurons) return width_for_a_weight_variance(analysis, factor);
  double wanted = 0;
  for (const Quantity quantity : {Quantity::forward, Quantity::backward}) {
    const auto& direction = quantity == Quantity::forward ? analysis.forward : analysis.backward;
    if (!direction || !direction->regime) continue;
    const auto width =
        stable_width_of(analysis.point, *direction, infinite_change(analysis, quantity), factor);
    if (!width) return std::nullopt;
    wanted = std::max(wanted, *width);
  }
  return wanted > static_cast<double>(analysis.point.width.value()) ? std::optional(wanted) : std::nullopt;
}

}  // namespace

std::optional<double> stable_width_of(const Point& point, const Direction& direction, double infinite_change,
                                      double factor) {
  const double limit = std::log(factor), n = static_cast<double>(point.width.value());
  if (std::abs(infinite_change) >= limit) return std::nullopt;
  const double living = std::max(n, std::ceil(least_living_width(point)));
  if (!direction.total || !direction.variance) return living;
  const double finite = direction.total->value - infinite_change;
  const auto stable_at = [&](double wider) {
    const double mean = infinite_change + finite / wider;
    return std::abs(mean) < limit &&
           share_within(limit, mean, direction.variance->value / wider) >= least_share_in_range;
  };
  double high = 1;
  while (!stable_at(high) && high < 1e9) high *= 2;
  if (!stable_at(high)) return std::nullopt;
  double low = high / 2;
  for (int halvings = 0; high > 1 && halvings < 20; ++halvings) {
    const double middle = 0.5 * (low + high);
    (stable_at(middle) ? high : low) = middle;
  }
  return std::max(living, std::ceil(n * high));
}

void advise(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions, double factor) {
  const PointGrid grid(sweep, points);
  grid.for_each_group(axes_of<WeightVariance>(), [&](GridIndices at) {
    Group group;
    for (at[weight_variance_axis] = 0; at[weight_variance_axis] < grid.extent(weight_variance_axis);
         ++at[weight_variance_axis])
      group.push_back(&points[grid.index(at)]);
    for (PointAnalysis* const analysis : group) {
      if (!analysis->regime) continue;
      analysis->nearest_stable = stable_variance_for(*analysis, group, predictions, factor);
      analysis->stable_width = stable_width_for(*analysis, factor);
    }
  });
}

}  // namespace varprop::analysis
