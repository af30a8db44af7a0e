// How an activation is to be evaluated for two signals of any size and any distance.
#pragma once

#include <algorithm>

#include "workers/signal_range.hpp"

namespace varprop {

/// The plan for z₁ = s ζ and z₂ = z₁ + s_w ω, with ζ and ω of size 1: φ is evaluated at scale·ζ and at
/// scale·ζ + step·ω, a₁ = τα, and the differences come in units of s_w: a₂ − a₁ = s_w·difference.
struct PairRange {
  std::optional<Slopes> linear;
  double scale = 1;
  double step = 0;
  bool near = true;   ///< step is so small that differences follow φ' and φ''
  Magnitude tau;      ///< a₁ = τα
  Magnitude unit;     ///< s_w
  Magnitude bending;  ///< the step as a magnitude: φ'(z₂) − φ'(z₁) = bending·bend
};

/// Beyond a relative distance of 2⁻²⁰ two evaluations lose at most as many of 53 bits; below it the middle's
/// slope is good to 2⁻⁴⁰.
inline constexpr double nearest_far_step = 0x1p-20;

/// Two straight lines of different slopes meet in a kink at 0.
inline Kinks kinks_of(const Slopes& slopes) {
  return slopes.negative == slopes.positive ? Kinks{} : Kinks{{0, 0}, 1};
}

/// The plan for one layer. Straight lines must hold for both signals: where the difference is not as small as
/// the first signal, φ is evaluated itself.
inline PairRange plan_pair(const RangePlanner& plan_range, const Magnitude& s, const Magnitude& s_w) {
  SignalRange first = plan_range(s);
  if (first.linear && first.linear != plan_range(s + s_w).linear) {
    first = {std::nullopt, s.to_double(), Magnitude::from(1)};
  }
  PairRange range{first.linear, first.scale, 0, true, first.tau, s_w, s_w};
  if (s_w.zero() || s.zero()) return range;
  if (first.linear) range.bending = s_w / s;
  range.step = range.bending.to_double();
  range.near = range.step < nearest_far_step * std::min(1.0, range.scale);
  return range;
}

}  // namespace varprop
