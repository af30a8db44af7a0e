// Non-negative numbers without a largest or smallest: variances and squared norms after thousands of layers.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "core/errors.hpp"

namespace varprop {

// Logarithm and exponential from multiply-adds alone: the same bits on every system, unlike a libm's.

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

/// m·2^e with m ∈ [1, 2) and |e| ≤ 2⁶¹, or zero. Products, quotients, sums and roots round like doubles, and
/// use no libm but sqrt; the logarithm is taken once, where a number is recorded. What leaves e^±(1.6·10¹⁸)
/// throws std::range_error: it never overflows or underflows in silence.
class Magnitude {
 public:
  constexpr Magnitude() = default;

  /// From a finite double ≥ 0, subnormal numbers included.
  static Magnitude from(double x) {
    VARPROP_EXPECT(x >= 0 && std::isfinite(x));
    return normalized(x, 0);
  }

  /// What is beyond every magnitude: it has a logarithm, and no arithmetic.
  static constexpr Magnitude infinity() { return Magnitude(HUGE_VAL, 0); }

  /// e^x for |x| ≤ 10¹⁸ (core/math/magnitude.hpp has the accuracy).
  static Magnitude exp(double x) {
    VARPROP_EXPECT(std::fabs(x) <= 1e18);
    const SplitPower power = split_exp(x);
    return normalized(power.mantissa, power.exponent);
  }

  bool zero() const { return m_ == 0; }
  bool infinite() const { return m_ == HUGE_VAL; }
  friend bool operator==(const Magnitude&, const Magnitude&) = default;

  friend Magnitude operator*(const Magnitude& a, const Magnitude& b) {
    return normalized(a.m_ * b.m_, a.e_ + b.e_);
  }

  /// a/b for b > 0.
  friend Magnitude operator/(const Magnitude& a, const Magnitude& b) {
    VARPROP_EXPECT(!b.zero());
    return normalized(a.m_ / b.m_, a.e_ - b.e_);
  }

  friend Magnitude operator+(const Magnitude& a, const Magnitude& b) {
    if (a.zero() || b.zero()) return a.zero() ? b : a;
    const Magnitude& large = a.e_ >= b.e_ ? a : b;
    const Magnitude& small = a.e_ >= b.e_ ? b : a;
    return normalized(large.m_ + scaled(small.m_, small.e_ - large.e_), large.e_);
  }

  friend Magnitude larger(const Magnitude& a, const Magnitude& b) {
    if (a.zero() || b.zero()) return a.zero() ? b : a;
    if (a.e_ != b.e_) return a.e_ > b.e_ ? a : b;
    return a.m_ >= b.m_ ? a : b;
  }

  Magnitude square_root() const {
    const std::int64_t odd = e_ & 1;
    return normalized(std::sqrt(odd ? 2 * m_ : m_), (e_ - odd) / 2);
  }

  /// The nearest double; 0 or infinity where it has none.
  double to_double() const { return scaled(m_, e_); }

  /// ln of this; −∞ for zero, ∞ for infinity.
  double ln() const {
    if (zero()) return -HUGE_VAL;
    if (infinite()) return HUGE_VAL;
    constexpr double ln_2_high = 0x1.62e42fefa38p-1;  // 41 bits: exact times any e below 2¹²
    constexpr double ln_2_low = 0x1.ef35793c7673p-45;
    const auto e = static_cast<double>(e_);
    return std::fma(e, ln_2_high, std::fma(e, ln_2_low, ln_mantissa(m_)));
  }

  /// Whether this < 2^power.
  bool below_power(std::int64_t power) const { return zero() || e_ < power; }

 private:
  constexpr Magnitude(double m, std::int64_t e) : m_(m), e_(e) {}

  static Magnitude normalized(double x, std::int64_t e) {
    VARPROP_EXPECT(std::isfinite(x));
    if (x == 0) return {};
    int shift = 0;
    const double half_to_one = std::frexp(x, &shift);  // exact
    constexpr std::int64_t end = std::int64_t{1} << 61;
    if (e < -end || e > end) throw std::range_error("A number is beyond e to the power of ±1.6e18.");
    return {2 * half_to_one, e + shift - 1};
  }

  static double scaled(double m, std::int64_t e) {
    return std::ldexp(m, static_cast<int>(std::clamp<std::int64_t>(e, -3000, 3000)));
  }

  double m_ = 0;
  std::int64_t e_ = 0;
};

}  // namespace varprop
