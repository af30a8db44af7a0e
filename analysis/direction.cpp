#include "analysis/direction.hpp"

#include <cmath>

#include "analysis/parameter.hpp"
#include "core/statistics/moments.hpp"

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
  return {extinct / count, in_range / count,
          total ? confidence_interval(parameter_of(*total)) : std::nullopt};
}

std::optional<MeanEstimate> mean_variance(std::span<const double> changes, std::int32_t batches) {
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
                            double factor, Reasoned<MeanEstimate> rate) {
  Direction direction{std::move(rate), std::nullopt, 0.0, std::nullopt};
  if (at_end.empty()) return direction;
  std::vector<double> changes(at_end.begin(), at_end.end());
  for (double& change : changes) change -= log_start;
  direction.total = mean_of(changes);
  const TotalChange change = total_change(changes, direction.total, factor);
  direction.extinct_share = change.extinct_share;
  direction.share_in_range = change.share_in_range;
  direction.regime = classify(change, factor);
  direction.variance = mean_variance(changes, batches);
  return direction;
}

}  // namespace varprop
