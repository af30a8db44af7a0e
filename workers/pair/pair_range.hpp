// How an activation is to be evaluated for two signals of any size and any distance.
#pragma once

#include <algorithm>

#include "workers/signal_range.hpp"

namespace varprop {

/// The plan for z₁ = s ζ and z₂ = ratio·(z₁ + s_w ω), with ζ and ω of size 1.
///
/// Together: φ is evaluated at scale·ζ and at scale·ζ + step·ω, a₁ = τα, and the differences come in units of
/// s_w: a₂ − a₁ = s_w·difference. Straight lines may do that to a second signal that was scaled to the length
/// of the first. Apart, where the two are nothing alike: φ is evaluated for each by itself, at z₂ ∝ ζ₂ =
/// second_zeta·ζ + second_omega·ω, and α₂ takes the place of the difference.
struct PairRange {
  std::optional<Slopes> linear;
  double scale = 1;
  double step = 0;
  bool near = true;   ///< step is so small that differences follow φ' and φ''
  Magnitude tau;      ///< a₁ = τα
  Magnitude unit;     ///< s_w; apart: a₂ = unit·α₂
  Magnitude bending;  ///< the step as a magnitude: φ'(z₂) − φ'(z₁) = bending·bend

  std::optional<SignalRange> first = std::nullopt;   ///< apart: how φ sees z₁ by itself
  std::optional<SignalRange> second = std::nullopt;  ///< apart: likewise z₂
  double second_zeta = 1, second_omega = 0;

  bool apart() const { return second.has_value(); }
};

/// Beyond a relative distance of 2⁻²⁰ two evaluations lose at most as many of 53 bits; below it the middle's
/// slope is good to 2⁻⁴⁰.
inline constexpr double nearest_far_step = 0x1p-20;

/// Two straight lines of different slopes meet in a kink at 0.
inline Kinks kinks_of(const Slopes& slopes) {
  return slopes.negative == slopes.positive ? Kinks{} : Kinks{{0, 0}, 1};
}

/// The sizes of both signals of a layer (symbols as in PairRange).
struct PairSizes {
  Magnitude s, s_w;
  Magnitude ratio = Magnitude::from(1);

  /// s_w/s: how far apart they are, beside z₁.
  Magnitude step() const { return s.zero() ? Magnitude() : s_w / s; }
  /// How large z₂ can be.
  Magnitude second() const { return s * ratio * larger(Magnitude::from(1), step()); }
  bool scaled() const { return ratio != Magnitude::from(1); }
};

/// The plan apart, each signal in the range that is its own.
inline PairRange plan_apart(const SignalRange& first, const SignalRange& second, const PairSizes& sizes) {
  const Magnitude largest = larger(Magnitude::from(1), sizes.step());
  PairRange range{first.linear, first.scale, 0, false, first.tau, second.tau, Magnitude()};
  range.first = first;
  range.second = second;
  range.second_zeta = (Magnitude::from(1) / largest).to_double();
  range.second_omega = (sizes.step() / largest).to_double();
  return range;
}

/// Whether straight lines hold for both signals.
inline bool both_linear(const RangePlanner& plan_range, const PairSizes& sizes) {
  const auto first = plan_range(sizes.s).linear;
  return first && first == plan_range(sizes.second()).linear;
}

/// The plan for one layer.
inline PairRange plan_pair(const RangePlanner& plan_range, const PairSizes& sizes) {
  SignalRange first = plan_range(sizes.s);
  const bool linear = both_linear(plan_range, sizes);
  if (!linear && !sizes.s.zero() && (sizes.scaled() || !sizes.step().below_power(-1))) {
    return plan_apart(first, plan_range(sizes.second()), sizes);
  }
  if (first.linear && !linear) first = plan_range.direct(sizes.s);
  PairRange range{first.linear, first.scale, 0, true, first.tau, sizes.s_w, sizes.s_w};
  if (sizes.s_w.zero() || sizes.s.zero()) return range;
  if (first.linear) range.bending = sizes.step();
  range.step = range.bending.to_double();
  range.near = range.step < nearest_far_step * std::min(1.0, range.scale);
  return range;
}

}  // namespace varprop
