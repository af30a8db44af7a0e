#include "analysis/report/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace varprop {

namespace {

constexpr double most_bins = 40;

/// `sorted` and not empty.
std::size_t bins_for(const std::vector<double>& sorted) {
  const std::size_t count = sorted.size();
  const double iqr = sorted[(3 * count) / 4] - sorted[count / 4];
  const double range = sorted.back() - sorted.front();
  const double width = 2 * iqr / std::cbrt(static_cast<double>(count));
  const double wanted = width > 0 ? std::ceil(range / width) : std::sqrt(static_cast<double>(count));
  return static_cast<std::size_t>(std::clamp(wanted, 1.0, most_bins));
}

}  // namespace

Json Histogram::json() const {
  if (counts.empty() && extinct_share == 0) return nullptr;
  return {{"low", rounded_json(low)},
          {"high", rounded_json(high)},
          {"counts", counts},
          {"mean", counts.empty() ? Json(nullptr) : rounded_json(mean)},
          {"extinct", rounded_json(extinct_share)}};
}

Histogram histogram_of(std::span<const double> sample) {
  std::vector<double> sorted;
  std::copy_if(sample.begin(), sample.end(), std::back_inserter(sorted),
               [](double x) { return !std::isnan(x); });
  std::sort(sorted.begin(), sorted.end());
  Histogram histogram;
  if (sample.empty()) return histogram;
  histogram.extinct_share = 1 - static_cast<double>(sorted.size()) / static_cast<double>(sample.size());
  if (sorted.empty()) return histogram;
  histogram.mean = std::reduce(sorted.begin(), sorted.end()) / static_cast<double>(sorted.size());
  histogram.low = sorted.front();
  histogram.high = sorted.back();
  // A range that rounding makes is none.
  const bool one = histogram.high - histogram.low <= 1e-12 * std::abs(histogram.high);
  if (one) histogram.low -= 0.5, histogram.high = histogram.low + 1;
  histogram.counts.assign(one ? 1 : bins_for(sorted), 0);
  for (const double x : sorted) {
    const auto bin = static_cast<std::size_t>(std::max(0.0, (x - histogram.low) / histogram.bin_width()));
    ++histogram.counts[std::min(bin, histogram.counts.size() - 1)];
  }
  return histogram;
}

}  // namespace varprop
