#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/points/advice.hpp"

namespace varprop::analysis {

double share_within(double limit, double mean, double variance) {
  if (variance == 0) return std::abs(mean) < limit ? 1 : 0;
  const double deviation = std::sqrt(2 * variance);
  return 0.5 * (std::erf((limit - mean) / deviation) + std::erf((limit + mean) / deviation));
}

bool speaks_against(const PointGroup& group, double advised, CoordinateOf coordinate) {
  constexpr double rounding = 1e-9;
  const PointAnalysis *below = nullptr, *above = nullptr;  // the group ascends
  for (const PointAnalysis* const other : group) {
    if (!other->regime) continue;
    const double x = coordinate(*other);
    if (std::abs(x - advised) <= rounding * advised) return true;
    if (x < advised) below = other;
    if (x > advised && !above) above = other;
  }
  return (below && below->regime != Regime::vanishing) || (above && above->regime != Regime::exploding);
}

namespace {

/// The critical weight variance of theory, at the point's width where it is known there.
std::optional<double> theoretical(Predictions& predictions, const Point& point) {
  auto variance = predictions.critical_weight_variance_at_width(point);
  if (!variance) variance = predictions.critical_weight_variance(point);
  return variance.optional();
}

/// The larger of the variances over networks that were measured in a direction at the neighbours of a weight
/// variance; 0 where none was.
double measured_variance(const PointGroup& group, double weight_variance,
                         std::optional<Direction> PointAnalysis::*direction) {
  double below = 0, above = 0;
  for (auto at = group.rbegin(); at != group.rend(); ++at) {
    const auto& measured = (*at)->*direction;
    if (!measured || !measured->variance) continue;
    if (weight_variance_of(**at) > weight_variance) above = measured->variance->value;
    if (weight_variance_of(**at) < weight_variance && below == 0) below = measured->variance->value;
  }
  return std::max(below, above);
}

constexpr double well = 0.75;           // of ln F, and
constexpr double well_together = 0.95;  // of single networks in range: theory is not exact

/// How far a direction is from its range: its mean over ln F; 1 and beyond is out of range. A mean of
/// infinite width falls behind by half the variance: the mean of a logarithm by the logarithm of a mean.
double strain(double change, const theory::ValueOrReason<double>& variance, double measured, double limit) {
  if (!variance) change -= measured / 2;
  const bool together = share_within(limit, change, variance ? *variance : measured) >= well_together;
  return together || std::abs(change) >= limit ? change / limit : std::copysign(1.0, change);
}

/// The larger strain of signal and gradient through the depth of the group's points at this weight variance;
/// not a number where they strain to different sides.
double strain_at(double weight_variance, const PointGroup& group, Predictions& predictions, double factor) {
  Point point = group.front()->point;
  point.weight_variance = WeightVariance(weight_variance);
  const theory::NetworkLaw law = predictions.network(point);
  if (!law.forward_mean || !law.backward_mean) return std::numeric_limits<double>::quiet_NaN();
  const double limit = std::log(factor);
  const double q = strain(*law.forward_mean - predictions.log_input_square(point), law.forward_variance,
                          measured_variance(group, weight_variance, &PointAnalysis::forward), limit);
  const double g = strain(*law.backward_mean, law.backward_variance,
                          measured_variance(group, weight_variance, &PointAnalysis::backward), limit);
  if (std::abs(q) >= 1 && std::abs(g) >= 1 && q * g < 0) return std::numeric_limits<double>::quiet_NaN();
  return std::abs(q) > std::abs(g) ? q : g;
}

/// Between which weight variances the grid, none of whose points is stable, lets a stable one be; within a
/// factor 4 of its points where it is open.
Interval open_range(const PointGroup& group) {
  Interval range{weight_variance_of(*group.front()) / 4, weight_variance_of(*group.back()) * 4};
  for (const PointAnalysis* const point : group) {
    if (point->regime == Regime::vanishing) range.low = weight_variance_of(*point);
  }
  for (const PointAnalysis* const point : group) {
    if (point->regime == Regime::exploding) range.high = std::min(range.high, weight_variance_of(*point));
  }
  return range;
}

/// Whether networks whose signal begins three standard deviations above or below the mean, √(2/n) in ln q_1,
/// are stable as well: two fixed points may be near.
bool holds_for_all(double weight_variance, Point point, Predictions& predictions, double factor) {
  point.weight_variance = WeightVariance(weight_variance);
  const double deviation = std::sqrt(2 / static_cast<double>(point.width.value())), limit = std::log(factor);
  for (const double start : {-3 * deviation, 3 * deviation}) {
    const auto [log_q, log_g] = predictions.limit_from(point, start);
    if (!(std::abs(log_q - start) < limit && std::abs(log_g) < limit)) return false;
  }
  return true;
}

}  // namespace

std::optional<double> stable_variance_by_theory(const PointGroup& group, Predictions& predictions,
                                                double factor) {
  constexpr int halvings = 8, deepest = 1 << 14;  // layers that are walked through
  const Point& point = group.front()->point;
  auto [low, high] = open_range(group);
  std::optional<double> tried = theoretical(predictions, point);
  if (point.depth.value() > deepest)
    return tried && !speaks_against(group, *tried, weight_variance_of) ? tried : std::nullopt;
  for (int i = 0; i < halvings && low < high; ++i) {
    if (!tried || !(low < *tried && *tried < high)) tried = std::sqrt(low * high);
    const double found = strain_at(*tried, group, predictions, factor);
    if (std::abs(found) < well) {
      const bool holds = !speaks_against(group, *tried, weight_variance_of) &&
                         holds_for_all(*tried, point, predictions, factor);
      return holds ? tried : std::nullopt;
    }
    if (std::isnan(found)) return std::nullopt;
    (found < 0 ? low : high) = *tried;
    tried.reset();
  }
  return std::nullopt;
}

}  // namespace varprop::analysis
