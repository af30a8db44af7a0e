// Non-negative numbers without a largest or smallest: variances and squared norms after thousands of layers.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "core/contracts.hpp"
#include "core/math/logarithm.hpp"
#include "core/math/split_exponential.hpp"

namespace varprop {

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

  /// e^x for |x| ≤ 10¹⁸ (core/math/split_exponential.hpp has the accuracy).
  static Magnitude exp(double x) {
    VARPROP_EXPECT(std::fabs(x) <= 1e18);
    const SplitPower power = split_exp(x);
    return normalized(power.mantissa, power.exponent);
  }

  bool zero() const { return m_ == 0; }
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

  /// ln of this; −∞ for zero.
  double ln() const {
    if (zero()) return -HUGE_VAL;
    constexpr double ln_2_high = 0x1.62e42fefa38p-1;  // 41 bits: exact times any e below 2¹²
    constexpr double ln_2_low = 0x1.ef35793c7673p-45;
    const auto e = static_cast<double>(e_);
    return std::fma(e, ln_2_high, std::fma(e, ln_2_low, ln_mantissa(m_)));
  }

  /// Whether this < 2^power.
  bool below_power(std::int64_t power) const { return zero() || e_ < power; }

 private:
  Magnitude(double m, std::int64_t e) : m_(m), e_(e) {}

  static Magnitude normalized(double x, std::int64_t e) {
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
