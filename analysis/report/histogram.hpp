// How single networks of one point scatter.
#pragma once

#include <span>
#include <vector>

#include "analysis/report/rounded.hpp"

namespace varprop {

/// Equal bins over the values that are not NaN.
struct Histogram {
  double low = 0;   ///< lower end of the first bin
  double high = 0;  ///< upper end of the last bin
  std::vector<std::int64_t> counts;
  double mean = 0;           ///< of the values
  double extinct_share = 0;  ///< values that are NaN, of all; not in the counts

  double bin_width() const { return (high - low) / static_cast<double>(counts.size()); }
  Json json() const;
};

/// A histogram of a sample. Bins of 2·IQR/∛count (Freedman & Diaconis 1981), from 1 to 40 of them; where all
/// values are one, a bin of width 1 about it. Without counts where no value is there.
Histogram histogram_of(std::span<const double> sample);

}  // namespace varprop
