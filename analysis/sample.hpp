// The mean of a sample and how sure it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace varprop {

struct Interval {
  double low;
  double high;
};

/// The mean of independent values.
struct MeanEstimate {
  std::int64_t count;  ///< values in the sample
  double mean;
  std::optional<double> error;  ///< standard error of the mean; none for a single value
};

/// The mean of the values that are not NaN; nothing where there are none.
std::optional<MeanEstimate> mean_of(std::span<const double> values);

/// Student t interval with count − 1 degrees of freedom; nothing for fewer than 3 values.
std::optional<Interval> confidence_interval(const MeanEstimate& estimate, double level = 0.95);

}  // namespace varprop
