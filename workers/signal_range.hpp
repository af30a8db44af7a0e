// How an activation is to be evaluated for a signal of any size, |ln q| up to 10⁵ and beyond.
#pragma once

#include <algorithm>
#include <optional>

#include "core/activations/activation.hpp"
#include "core/math/magnitude.hpp"

namespace varprop {

/// The plan for one layer: with z = sε and ε of size 1, the engines compute α and σ, where a = τα and
/// φ'(z) = υσ.
///
/// direct: α = φ(scale·ε), σ = φ'(scale·ε), τ = υ = 1. linear: φ is two straight lines at this size (exactly,
/// or because z is so small or so large that the rest is below rounding), so α = slope(sign ε)·ε and τ = s,
/// and s itself never enters a double. tail: φ and φ' of all neurons are too small for doubles, and are
/// counted in τ and υ.
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
    if (s.zero()) return nothing();
    if (const auto slopes = straight_lines(s)) return {slopes, 1.0, s};
    return {std::nullopt, scale(s), Magnitude::from(1)};
  }

  /// φ goes along with every change of size.
  bool homogeneous() const { return facts_.homogeneous(); }

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

  /// An oscillating φ sees the phase of z = sε alone. From s = 2²⁷ on it is uniform to far below rounding, so
  /// φ has the same law at every larger s; and the reduction of z by multiples of π stays within its promise.
  double scale(const Magnitude& s) const {
    return facts_.oscillates && !s.below_power(27) ? 0x1p27 : s.to_double();
  }

  std::optional<Slopes> straight_lines(const Magnitude& s) const {
    if (facts_.homogeneous()) return facts_.at_zero;
    if (s.below_power(-100) && facts_.value_at_zero == 0) return facts_.at_zero;
    if (!s.below_power(100) && facts_.at_infinity != Slopes{0, 0}) return facts_.at_infinity;
    return std::nullopt;
  }

  ActivationFacts facts_;
};

}  // namespace varprop
