// The exponential function from multiply-adds alone, of any size: the same bits on every system, unlike a
// libm's.
#pragma once

#include <cmath>
#include <cstdint>

namespace varprop {

/// mantissa · 2^exponent.
struct SplitPower {
  double mantissa;  ///< between ½ and 2
  std::int64_t exponent;
};

/// e^x for |x| ≤ 10¹⁸, within |x| + 1 units of 2⁻⁵² relative: what x itself was rounded by.
///
/// x = k ln 2 + r; k is a truncated quotient, whose own rounding (x beyond 2⁵³) a second turn mends. Then the
/// Taylor polynomial, |r| < 0.7 and the rest below 2⁻⁶⁵.
inline SplitPower split_exp(double x) {
  constexpr double ln_2_high = 0x1.62e42fefa38p-1;
  constexpr double ln_2_low = 0x1.ef35793c7673p-45;
  std::int64_t exponent = 0;
  for (int turn = 0; turn < 2; ++turn) {
    const auto k = static_cast<std::int64_t>(x * 1.44269504088896340735992468100);
    exponent += k;
    x = std::fma(-static_cast<double>(k), ln_2_high, x);
    x = std::fma(-static_cast<double>(k), ln_2_low, x);
  }
  double sum = 1;
  for (int p = 18; p >= 1; --p) sum = std::fma(x * sum, 1.0 / p, 1);
  return {sum, exponent};
}

}  // namespace varprop
