#include "analysis/sample.hpp"

#include <cmath>

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

}  // namespace varprop
