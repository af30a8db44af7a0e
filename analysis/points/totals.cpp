#include "analysis/points/totals.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/results/point_results.hpp"
#include "core/errors.hpp"
#include "core/math/moments.hpp"

namespace varprop::analysis {

namespace {

/// Σ x and Σ x² of so many networks, x in units of the largest.
struct PowerSums {
  double count = 0, first = 0, second = 0;

  double log_of_mean() const { return std::log(first / count); }
  double log_ratio() const { return std::log(second / count) - 2 * log_of_mean(); }
  PowerSums without(const PowerSums& some) const {
    return {count - some.count, first - some.first, second - some.second};
  }
};

std::vector<PowerSums> sums_by_batch(std::span<const double> logarithms, std::int32_t batches,
                                     double largest) {
  const std::size_t replicas = logarithms.size() / static_cast<std::size_t>(batches);
  std::vector<PowerSums> sums;
  for (std::size_t first = 0; first < logarithms.size(); first += replicas) {
    PowerSums batch;
    for (const double y : logarithms.subspan(first, replicas)) {
      const double x = std::isnan(y) ? 0 : std::exp(y - largest);
      batch = {batch.count + 1, batch.first + x, batch.second + x * x};
    }
    sums.push_back(batch);
  }
  return sums;
}

/// A function of the sums, its bias of order 1/T taken away, its error from leaving out a batch at a time.
Estimate jackknifed(const std::vector<PowerSums>& batches, double (PowerSums::*function)() const,
                    double rounding) {
  PowerSums all;
  for (const PowerSums& batch : batches)
    all = {all.count + batch.count, all.first + batch.first, all.second + batch.second};
  const double value = (all.*function)(), count = static_cast<double>(batches.size());
  Estimate estimate{value, std::nullopt, count - 1};
  if (batches.size() < 2) return estimate;
  Moments without_one;
  for (const PowerSums& batch : batches) without_one.add((all.without(batch).*function)());
  const double error = (count - 1) / std::sqrt(count) * std::sqrt(without_one.variance());
  if (!std::isfinite(error)) return estimate;  // all that lives is in one batch
  estimate.value = count * value - (count - 1) * without_one.mean();
  estimate.error = std::max(error, rounding);
  return estimate;
}

theory::ValueOrReason<Estimate> ratio_of(std::span<const double> logarithms,
                                         const std::vector<PowerSums>& sums, double rounding) {
  varprop::Moments living;
  for (const double y : logarithms) {
    if (!std::isnan(y)) living.add(y);
  }
  const auto networks = static_cast<double>(logarithms.size());
  const double v = living.count() > 1 ? living.variance() : 0;
  if (!reliable_mean(4 * v, networks))
    return theory::Reason(theory::Reason::few_networks_for_second_moment, networks,
                          std::expm1(4 * v) / (largest_relative_error * largest_relative_error));
  return jackknifed(sums, &PowerSums::log_ratio, 2 * rounding);
}

}  // namespace

TotalMoments moments_of_total(std::span<const double> logarithms, std::int32_t batches, std::int32_t layers) {
  VARPROP_EXPECT(batches > 0 && !logarithms.empty());
  double largest = -INFINITY, size = 0;
  for (const double y : logarithms) largest = std::fmax(largest, y), size = std::fmax(size, std::abs(y));
  if (!std::isfinite(largest)) return {std::nullopt, std::nullopt, theory::Reason::all_extinct};
  const double rounding = log_rounding(size, layers);
  const auto sums = sums_by_batch(logarithms, batches, largest);
  Estimate log_of_mean = jackknifed(sums, &PowerSums::log_of_mean, rounding);
  log_of_mean.value += largest;
  return {mean_of(logarithms, rounding), log_of_mean, ratio_of(logarithms, sums, rounding)};
}

}  // namespace varprop::analysis
