#include "analysis/direction.hpp"

#include <cmath>

namespace varprop {

namespace {

TotalChange total_change(std::span<const double> changes, const std::optional<MeanEstimate>& total,
                         double factor) {
  const double log_factor = std::log(factor);
  const auto count = static_cast<double>(changes.size());
  double extinct = 0, in_range = 0;
  for (const double change : changes) {
    extinct += std::isnan(change);
    in_range += std::abs(change) < log_factor;
  }
  return {extinct / count, in_range / count, total ? confidence_interval(*total) : std::nullopt};
}

}  // namespace

Direction measure_direction(std::span<const double> at_end, double log_start, double factor,
                            Reasoned<MeanEstimate> rate) {
  Direction direction{std::move(rate), std::nullopt, 0.0, std::nullopt};
  if (at_end.empty()) return direction;
  std::vector<double> changes(at_end.begin(), at_end.end());
  for (double& change : changes) change -= log_start;
  direction.total = mean_of(changes);
  const TotalChange change = total_change(changes, direction.total, factor);
  direction.extinct_share = change.extinct_share;
  direction.regime = classify(change, factor);
  return direction;
}

}  // namespace varprop
