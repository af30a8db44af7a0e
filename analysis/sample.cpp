#include "analysis/sample.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

std::optional<MeanEstimate> mean_of(std::span<const double> values) {
  std::int64_t count = 0;
  double mean = 0, squares = 0;  // Welford's recursion
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const double before = value - mean;
    mean += before / static_cast<double>(++count);
    squares += before * (value - mean);
  }
  if (count == 0) return std::nullopt;
  MeanEstimate estimate{count, mean, std::nullopt};
  const auto n = static_cast<double>(count);
  if (count > 1) estimate.error = std::sqrt(squares / (n - 1) / n);
  return estimate;
}

std::optional<Interval> confidence_interval(const MeanEstimate& estimate, double level) {
  VARPROP_EXPECT(level > 0 && level < 1);
  if (estimate.count < 3) return std::nullopt;
  const boost::math::students_t law(static_cast<double>(estimate.count - 1));
  const double half_width = boost::math::quantile(law, 0.5 + 0.5 * level) * *estimate.error;
  return Interval{estimate.mean - half_width, estimate.mean + half_width};
}

}  // namespace varprop
