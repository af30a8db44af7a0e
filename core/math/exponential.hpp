// e^x and e^x − 1 of doubles from multiply-adds alone: the same bits on every system.
#pragma once

#include <cmath>

#include "core/math/magnitude.hpp"

namespace varprop {

/// e^x for x ≤ 700; 0 below −745. Relative accuracy (|x| + 1) 2⁻⁵².
inline double exponential(double x) {
  if (x < -745) return 0;
  const SplitPower power = split_exp(x);
  return std::ldexp(power.mantissa, static_cast<int>(power.exponent));
}

/// e^x − 1, likewise; relatively accurate at x = 0 too (Taylor's polynomial, rest below 2⁻⁶⁰ of it).
inline double exponential_minus_1(double x) {
  if (std::fabs(x) > 0.5) return exponential(x) - 1;
  double sum = 1;
  for (int p = 16; p >= 2; --p) sum = std::fma(x / p, sum, 1);
  return x * sum;
}

}  // namespace varprop
