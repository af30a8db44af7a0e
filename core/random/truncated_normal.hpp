// A normal cut at two standard deviations, scaled to variance 1, from one 64-bit draw, by inversion.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/random/normal_quantile.hpp"

namespace varprop {

/// With v uniform in (p, 1), p = P(|Z| > 2), the normal's quantile gives |Z| given |Z| < 2, of variance
/// 1 − 4φ(2)/(2Φ(2) − 1); the value is that, times ± 1/√variance, so it ends at ±2.2737.
struct TruncatedNormal {
  static constexpr double p = 0.045500263896358414;                 ///< P(|Z| > 2) = erfc(√2)
  static constexpr double p_times_2_63 = 419665861691185126.45;     ///< least k = 2⁶³ v
  static constexpr double one_over_deviation = 1.1368472343385565;  ///< 1/√0.77374130354992325, that variance
};

/// The value of one draw, whose bits mean what they mean to normal_from_bits.
inline double truncated_normal_from_bits(std::uint64_t bits) {
  const auto number = static_cast<double>(bits >> 1 | 1);
  const double k = std::min(std::fma(number, 1 - TruncatedNormal::p, TruncatedNormal::p_times_2_63),
                            NormalQuantile::largest);
  const double z = NormalQuantile::magnitude(k) * TruncatedNormal::one_over_deviation;
  return bits & 1 ? -z : z;
}

}  // namespace varprop
