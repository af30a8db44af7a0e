// How an activation is to be evaluated for a signal of any size, |ln q| up to 10⁵ and beyond, and for two
// signals of any size and any distance.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/math/magnitude.hpp"
#include "core/network/activations/activation.hpp"

namespace varprop::workers {

/// The plan for one layer: with z = sε and ε of size 1, the engines compute α and σ, where a = τα and
/// φ'(z) = υσ.
///
/// direct: α = φ(scale·ε), σ = φ'(scale·ε), τ = υ = 1. linear: φ is two straight lines at this size (exactly,
/// or because z is so small or so large that the rest is below rounding), so α = slope(sign ε)·ε and τ = s,
/// and s itself never enters a double. tail: φ and φ' of all neurons are too small for doubles, and are
/// counted in τ and υ. power: φ(sε) = s^p φ(ε), so α = φ(ε) and σ = φ'(ε), in units τ = s^p and υ = s^{p−1}.
struct SignalRange {
  std::optional<Slopes> linear;
  double scale = 1;                              ///< s as a double; 1 where linear
  Magnitude tau;                                 ///< a = τα
  std::optional<TailUnits> tail = std::nullopt;  ///< ln τ and ln υ, negative, where a tail needs them
  Magnitude upsilon = Magnitude::from(1);        ///< φ'(z) = υσ
};

/// The plan for z = sε. Beyond 2^±100 the curvature of φ changes a = φ(z) by less than 2^−90 of itself.
class RangePlanner {
 public:
  explicit RangePlanner(const Activation& activation) : facts_(activation.facts()) {}

  SignalRange operator()(const Magnitude& s) const {
    if (s.zero() || vanishes(s)) return nothing();
    if (facts_.power != 0) return of_power(s);
    if (const auto slopes = straight_lines(s)) return {slopes, 1.0, s};
    return {std::nullopt, scale(s), Magnitude::from(1)};
  }

  /// Whether a signal of z = sε has outgrown every magnitude. One that φ raises to a power doubles its
  /// logarithm, or more, in every layer; from e^±10¹⁷ on a double no longer knows that to the unit. There it
  /// counts as infinite, and on the other side as zero.
  bool explodes(const Magnitude& s) const { return facts_.power != 0 && !s.below_power(largest_exponent); }

  /// φ goes along with every change of size.
  bool homogeneous() const { return facts_.homogeneous(); }
  /// φ(λz) = λᵖφ(z) with p > 1.
  bool power() const { return facts_.power != 0; }

  /// Whether a layer must be done again in its tail: what its sums hold of slopes and values, Σσ² (or
  /// Σ(σξ)²) and Σα², may have lost terms to underflow. A fixed rule on the sums, so that results are equal
  /// everywhere.
  bool lost_in_tail(const Magnitude& s2, double squared_slopes, double squared_values) const {
    // Signs may cancel exactly (Rademacher weights): z = 0 in every neuron is no tail.
    if (squared_values == 0 && squared_slopes > 0x1p-200) return false;
    return !(squared_slopes * squared_values > 0x1p-800) && facts_.decays.any() && !s2.zero();
  }

  /// The plan for z = sε without straight lines, which know nothing of a tail: to find its decays.
  SignalRange direct(const Magnitude& s) const {
    constexpr double largest_scale = 1e300;
    return {std::nullopt, std::min(s.to_double(), largest_scale), Magnitude::from(1)};
  }

  /// The plan for such a layer, from the direct one and its smallest decays. What is below exp(−10¹⁷) is
  /// zero: there a double no longer knows a logarithm to the unit.
  SignalRange in_tail(const SignalRange& direct, const TailUnits& smallest) const {
    const TailUnits units{bounded_decay(smallest.value_decay), bounded_decay(smallest.slope_decay)};
    return {std::nullopt, direct.scale, Magnitude::exp(-units.value_decay), units,
            Magnitude::exp(-units.slope_decay)};
  }

 private:
  static constexpr std::int64_t largest_exponent = std::int64_t{1} << 56;  ///< of s: s² = e^10¹⁷

  bool vanishes(const Magnitude& s) const { return facts_.power != 0 && s.below_power(-largest_exponent); }

  SignalRange of_power(const Magnitude& s) const {
    Magnitude upsilon = Magnitude::from(1);
    for (int i = 1; i < facts_.power; ++i) upsilon = upsilon * s;
    return {std::nullopt, 1.0, upsilon * s, std::nullopt, upsilon};
  }

  /// z = 0 in every neuron, where φ' is what the definitions say of 0: the slope from below.
  SignalRange nothing() const {
    if (!facts_.homogeneous()) return {std::nullopt, 0.0, Magnitude::from(1)};
    return {Slopes{facts_.at_zero.negative, facts_.at_zero.negative}, 1.0, Magnitude()};
  }

  /// Also where z² has overflowed.
  static double bounded_decay(double decay) {
    constexpr double largest = 1e17;
    return decay < largest ? decay : largest;
  }

  /// An oscillating φ sees the phase ωz of z = sε alone. From ωs = 2²⁷ on it is uniform to far below
  /// rounding, so φ has the same law at every larger s; and the reduction of ωz by multiples of π stays
  /// within its promise.
  double scale(const Magnitude& s) const {
    return facts_.oscillates() ? std::min(s.to_double(), 0x1p27 / facts_.frequency) : s.to_double();
  }

  std::optional<Slopes> straight_lines(const Magnitude& s) const {
    if (facts_.homogeneous()) return facts_.at_zero;
    if (s.below_power(-100) && facts_.value_at_zero == 0) return facts_.at_zero;
    if (!s.below_power(100) && facts_.at_infinity != Slopes{0, 0}) return facts_.at_infinity;
    return std::nullopt;
  }

  ActivationFacts facts_;
};

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
  Magnitude unit;     ///< s_w, times υ of a power; apart: a₂ = unit·α₂
  Magnitude bending;  ///< the step as a magnitude: φ'(z₂) − φ'(z₁) = υ·bending·bend

  std::optional<SignalRange> first = std::nullopt;   ///< apart: how φ sees z₁ by itself
  std::optional<SignalRange> second = std::nullopt;  ///< apart: likewise z₂
  double second_zeta = 1, second_omega = 0;

  Magnitude upsilon_together = Magnitude::from(1);  ///< υ of both slopes, where they are not apart

  bool apart() const { return second.has_value(); }
  /// φ'(z₁) = υσ.
  const Magnitude& upsilon() const { return apart() ? first->upsilon : upsilon_together; }
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
  PairRange range{first.linear, first.scale, 0, true, first.tau, sizes.s_w * first.upsilon, sizes.s_w};
  range.upsilon_together = first.upsilon;
  if (sizes.s_w.zero() || sizes.s.zero()) return range;
  if (first.linear || plan_range.power()) range.bending = sizes.step();
  range.step = range.bending.to_double();
  range.near = range.step < nearest_far_step * std::min(1.0, range.scale);
  return range;
}

/// The smallest decays of both signals among the neurons.
struct PairTailUnits {
  TailUnits first, second;
};

/// Σφ'² and Σα² of both signals.
struct PairTailSums {
  double slope_squared, alpha_squared;
  double second_slope_squared, second_alpha_squared;
};

/// How such a layer is summed again: each signal by itself, the lost ones in units of their largest value and
/// slope.
class PairTails {
 public:
  /// What is dead already is not looked for. The planner must outlive this.
  PairTails(const RangePlanner& plan_range, const PairSizes& sizes, const PairTailSums& sums, bool both_alive)
      : plan_range_(plan_range),
        sizes_(sizes),
        first_lost_(plan_range.lost_in_tail(sizes.s, sums.slope_squared, sums.alpha_squared)),
        second_lost_(both_alive &&
                     plan_range.lost_in_tail(sizes.s, sums.second_slope_squared, sums.second_alpha_squared)) {
  }

  bool any() const { return first_lost_ || second_lost_; }

  /// The plan to find the decays with.
  PairRange direct() const {
    return plan_apart(start(first_lost_, sizes_.s), start(second_lost_, sizes_.second()), sizes_);
  }

  /// The plan in these units.
  PairRange in_units(const PairTailUnits& units) const {
    SignalRange first = start(first_lost_, sizes_.s), second = start(second_lost_, sizes_.second());
    if (first_lost_) first = plan_range_.in_tail(first, units.first);
    if (second_lost_) second = plan_range_.in_tail(second, units.second);
    return plan_apart(first, second, sizes_);
  }

 private:
  SignalRange start(bool lost, const Magnitude& size) const {
    return lost ? plan_range_.direct(size) : plan_range_(size);
  }

  const RangePlanner& plan_range_;
  PairSizes sizes_;
  bool first_lost_, second_lost_;
};

}  // namespace varprop::workers
