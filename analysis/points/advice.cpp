#include "analysis/points/advice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/points/parallel_for.hpp"
#include "analysis/points/point_grid.hpp"

namespace varprop::analysis {

namespace {

std::vector<PointGroup> groups_along(const PointGrid& grid, std::span<PointAnalysis> points,
                                     const AxisSet& free) {
  std::vector<PointGroup> groups;
  grid.for_each_group(free, [&](const GridIndices& at) {
    PointGroup& group = groups.emplace_back();
    grid.for_each_place(free, at,
                        [&](const GridIndices& place) { group.push_back(&points[grid.index(place)]); });
  });
  return groups;
}

bool is_stable(const PointAnalysis* analysis) {
  return analysis->regime == Regime::stable;
}

/// Measured, and not stable: what there is advice for.
bool lacks(const PointAnalysis* analysis) {
  return analysis->regime && !is_stable(analysis);
}

/// Of values ≥ 0.
double log_distance(double a, double b) {
  return a == b ? 0 : std::abs(std::log(a / b));
}

/// The nearest stable point of a group along a coordinate; none where none is stable.
const PointAnalysis* nearest_stable_in(const PointGroup& group, const PointAnalysis& here, CoordinateOf x) {
  const PointAnalysis* best = nullptr;
  for (const PointAnalysis* const other : group) {
    if (other->regime != Regime::stable) continue;
    if (!best || log_distance(x(*other), x(here)) < log_distance(x(*best), x(here))) best = other;
  }
  return best;
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

void advise_weight_variance(const PointGroup& group, Predictions& predictions, double factor) {
  const bool any_stable = std::any_of(group.begin(), group.end(), is_stable);
  std::optional<std::optional<double>> by_theory;  // asked for once, where it is wanted
  for (PointAnalysis* const analysis : group) {
    if (!analysis->regime) continue;
    if (any_stable) {
      const PointAnalysis& stable = *nearest_stable_in(group, *analysis, weight_variance_of);
      analysis->nearest_stable = StableValue{weight_variance_of(stable), StableSource::grid};
    } else if (mean_leaves_range(*analysis) && !strays(*analysis, factor)) {
      if (!by_theory) by_theory = stable_variance_by_theory(group, predictions, factor);
      if (*by_theory) analysis->nearest_stable = StableValue{**by_theory, StableSource::theory};
    }
  }
}

/// Whether a change with this mean and variance over networks is stable, by more than what a few dozen
/// networks leave unknown of them.
bool holds_to_spare(double mean, double variance, double limit) {
  constexpr double share_of_limit = 0.95, least_share = 0.93;
  return std::abs(mean) < share_of_limit * limit && share_within(limit, mean, variance) >= least_share;
}

/// How far the mean may go by another branch scale so that single networks hold, too: their variance is taken
/// to shrink with it from what was measured here. At most what theory alone would let it.
double range_of_mean(const PointAnalysis& analysis, double factor) {
  const double limit = std::log(factor);
  double range = theory::spared_share * limit;
  for (const auto& direction : {analysis.forward, analysis.backward}) {
    if (!direction || !direction->total || !direction->variance) continue;
    const double growth = direction->variance->value / std::abs(direction->total->value);
    while (range > 0.01 * limit && !holds_to_spare(range, growth * range, limit)) range *= 0.95;
  }
  return range;
}

/// A scale of 0 is as far from any other as can be.
void advise_branch_scale(const PointGroup& group, Predictions& predictions, double factor) {
  for (PointAnalysis* const analysis : group) {
    if (!analysis->regime || !has_stream(analysis->point.block)) continue;
    auto& advised = analysis->stable_branch_scale;
    if (const PointAnalysis* const stable = nearest_stable_in(group, *analysis, branch_scale_of)) {
      advised = StableValue{branch_scale_of(*stable), StableSource::grid};
    } else if (mean_leaves_range(*analysis)) {
      const auto scale = predictions.stable_branch_scale(analysis->point, range_of_mean(*analysis, factor));
      if (scale && *scale != branch_scale_of(*analysis) && !speaks_against(group, *scale, branch_scale_of))
        advised = StableValue{*scale, StableSource::theory};
    }
  }
}

/// Whether networks die that no law tells of: how a width or a depth changes that is not known.
bool dies_unknown(const Point& point, const Direction& direction) {
  return direction.extinct_share > largest_extinct_share && !dies_by_law(point.activation);
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
  // How width tells, and how networks die, is known of the networks of the first axes only.
  const auto& correction = analysis.theory.correction;
  if (!correction && correction.reason() == theory::Reason::other_networks) return std::nullopt;
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

/// The table's own widths have the last word: the least from which on all of them are stable, and none that
/// a wider point contradicts.
void advise_width(const PointGroup& group) {
  std::optional<double> measured;                // from which on all are stable
  const PointAnalysis* contradicting = nullptr;  // the widest that is not
  for (PointAnalysis* const analysis : std::views::reverse(group)) {
    if (!analysis->regime) continue;
    const auto n = static_cast<double>(analysis->point.width.value());
    if (is_stable(analysis)) {
      if (!contradicting) measured = n;
      continue;
    }
    auto& width = analysis->stable_width;
    if (contradicting && (!width || *width <= static_cast<double>(contradicting->point.width.value())))
      width = contradicting->stable_width;
    if (measured && (!width || *width > *measured)) width = measured;
    if (!contradicting) contradicting = analysis;
  }
}

/// Up to which depth a point is stable by its own rates; none where they are not known.
std::optional<std::int32_t> depth_by_rates(const PointAnalysis& analysis, double factor) {
  const double limit = std::log(factor), steps = analysis.point.depth.value() - 1;
  const auto holds = [&](std::int32_t depth, const std::optional<Direction>& direction) {
    if (!direction || !direction->total) return true;
    const double total = direction->total->value, share = (depth - 1) / steps;
    if (!direction->rate && std::abs(total) >= limit) return false;
    const double mean = direction->rate
                            ? total - direction->rate->value * (analysis.point.depth.value() - depth)
                            : total * share;
    const double variance = direction->variance ? direction->variance->value * share : 0;
    return holds_to_spare(mean, variance, limit) && !dies_unknown(analysis.point, *direction) &&
           share * direction->extinct_share <= largest_extinct_share;
  };
  for (std::int32_t depth = analysis.point.depth.value() - 1; depth >= 2; --depth) {
    if (holds(depth, analysis.forward) && holds(depth, analysis.backward)) return depth;
  }
  return std::nullopt;
}

/// Of points too deep: the deepest of the table before the first that is not stable, else what the rates of
/// that one say.
void advise_depth(const PointGroup& group, double factor) {
  std::optional<double> stable, first_lacking;
  for (const PointAnalysis* const analysis : group) {
    if (!analysis->regime || first_lacking) continue;
    const double depth = analysis->point.depth.value();
    if (is_stable(analysis)) stable = depth;
    if (lacks(analysis)) first_lacking = depth;
  }
  for (const PointAnalysis* const analysis : group) {
    if (stable || !analysis->regime || !lacks(analysis)) continue;
    const auto depth =
        depth_by_rates(*analysis, factor);  // deeper networks may have a window that tells more
    if (depth && *depth < *first_lacking) stable = *depth;
  }
  for (PointAnalysis* const analysis : group) {
    if (analysis->regime && lacks(analysis)) analysis->stable_depth = stable;
  }
}

void advise_biases(const PointGroup& group) {
  for (PointAnalysis* const analysis : group) {
    if (!lacks(analysis)) continue;
    const double here = analysis->point.bias_variance.value();
    for (const PointAnalysis* const other : group) {
      const double there = other->point.bias_variance.value();
      auto& best = analysis->stable_bias_variance;
      if (is_stable(other) && (!best || std::abs(there - here) < std::abs(*best - here))) best = there;
    }
  }
}

}  // namespace

std::optional<double> stable_width_of(const Point& point, const Direction& direction, double infinite_change,
                                      double factor) {
  const double limit = std::log(factor), n = static_cast<double>(point.width.value());
  if (std::abs(infinite_change) >= limit || dies_unknown(point, direction)) return std::nullopt;
  const double living = std::max(n, std::ceil(least_living_width(point)));
  if (!direction.total || !direction.variance) return living;
  const double finite = direction.total->value - infinite_change;
  const auto stable_at = [&](double wider) {
    const double mean = infinite_change + finite / wider;
    return holds_to_spare(mean, direction.variance->value / wider, limit);
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

std::optional<Remedy> remedy_of(const PointAnalysis& analysis) {
  if (!lacks(&analysis)) return std::nullopt;
  if (analysis.stable_branch_scale) return Remedy::branch_scale;
  if (analysis.nearest_stable) return Remedy::weight_variance;
  if (analysis.stable_bias_variance) return Remedy::biases;
  const bool elsewhere = mean_leaves_range(analysis) && analysis.cause != Cause::finite_width;
  if (analysis.stable_width && !elsewhere) return Remedy::width;
  if (analysis.stable_depth) return Remedy::depth;
  if (analysis.stable_width) return Remedy::width_and_variance;
  return analysis.regime == Regime::undecided ? Remedy::networks : Remedy::unknown;
}

void advise(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions, double factor) {
  const PointGrid grid(sweep, points);
  for (const Activation& activation : sweep.grid.activation) predictions.predictor(activation);
  const auto groups = groups_along(grid, points, axes_of<WeightVariance>());
  const auto advise_group = [&](std::size_t i) {
    advise_weight_variance(groups[i], predictions, factor);
    for (PointAnalysis* const analysis : groups[i]) {
      if (lacks(analysis)) analysis->stable_width = stable_width_for(*analysis, factor);
    }
  };
  parallel_for(groups.size(), advise_group,
               [&](std::size_t done) { predictions.tell("advice", done, groups.size()); });
  if (std::ranges::any_of(sweep.grid.block, has_stream)) {
    const auto streams = groups_along(grid, points, axes_of<BranchScale>());
    parallel_for(
        streams.size(), [&](std::size_t i) { advise_branch_scale(streams[i], predictions, factor); },
        [&](std::size_t done) { predictions.tell("advice", done, streams.size()); });
  }
  for (const PointGroup& group : groups_along(grid, points, axes_of<Width>())) advise_width(group);
  for (const PointGroup& group : groups_along(grid, points, axes_of<Depth>())) advise_depth(group, factor);
  for (const PointGroup& group : groups_along(grid, points, axes_of<BiasVariance>())) advise_biases(group);
}

}  // namespace varprop::analysis
