// The mean of a sample and its standard error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace varprop {

/// The mean of independent values.
struct MeanEstimate {
  std::int64_t count;  ///< values in the sample
  double mean;
  std::optional<double> error;  ///< standard error of the mean; none for a single value
};

/// The mean of the values that are not NaN; nothing where there are none.
std::optional<MeanEstimate> mean_of(std::span<const double> values);

}  // namespace varprop
