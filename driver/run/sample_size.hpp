// How much of a sweep is to be looked at: "1%" or "200".
#pragma once

#include <cstdint>
#include <string>

namespace varprop {

/// A share of the units, or a number of them.
struct SampleSize {
  double share = 0;  ///< above 0 to 1; counts where `units` is 0
  std::int64_t units = 0;

  /// Units to take out of so many: rounded up, at least one where there is one, never more than there are.
  std::int64_t of(std::int64_t total) const;
};

/// "1%", "0.05%", "100%", or a number of units from 1. Throws InputError for the rest.
SampleSize parse_sample_size(const std::string& text);

}  // namespace varprop
