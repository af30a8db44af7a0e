// The natural logarithm from multiply-adds alone: the same bits on every system, unlike a libm's.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace varprop {

/// ln m for m ∈ [1, 2], within 1 unit in the last place of max(|ln m|, 2⁻¹).
///
/// With s = (m′ − 1)/(m′ + 1), ln m′ = 2 artanh s = 2s + 2s³/3 + 2s⁵/5 + …; m is first brought to m′ ∈ [√½,
/// √2], so that |s| ≤ 0.172 and the terms beyond s²¹ are below 2⁻⁵⁵.
inline double ln_mantissa(double m) {
  constexpr double ln_2 = 0.693147180559945309417232121458;
  const bool upper = m > 1.4142135623730951;
  const double centred = upper ? m * 0.5 : m;
  const double s = (centred - 1.0) / (centred + 1.0);
  const double s2 = s * s;
  double tail = 2.0 / 21.0;
  for (int k = 19; k >= 3; k -= 2) tail = std::fma(tail, s2, 2.0 / k);
  const double ln = std::fma(s * s2, tail, 2.0 * s);
  return upper ? ln + ln_2 : ln;
}

}  // namespace varprop
