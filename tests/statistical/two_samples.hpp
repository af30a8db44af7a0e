// The two-sample Kolmogorov–Smirnov test, for engines against each other.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/math/magnitude.hpp"

namespace varprop::test {

/// ln x for ranks alone: zeros tie at one value far below all others, and so do values that are equal but for
/// rounding.
inline double ln(const Magnitude& x) {
  return x.zero() ? -1e30 : std::round(x.ln() * 0x1p30) * 0x1p-30;
}

/// sup |F_a − F_b| of the two empirical distribution functions; ties count on both sides at once.
inline double kolmogorov_smirnov_distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double largest = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    largest = std::max(largest, std::fabs(double(i) / double(a.size()) - double(j) / double(b.size())));
  }
  return largest;
}

/// The distance that samples of one distribution exceed with probability below `alpha` (asymptotic in T,
/// conservative with ties): √(−ln(α/2)/2) · √(2/T), T the size of each sample.
inline double kolmogorov_smirnov_limit(double alpha, std::size_t T) {
  return std::sqrt(-std::log(alpha / 2) / 2) * std::sqrt(2.0 / double(T));
}

}  // namespace varprop::test
