// How an activation is to be evaluated for a signal of any size, |ln q| up to 10⁵ and beyond.
#pragma once

#include <optional>

#include "core/activations/activation.hpp"
#include "core/math/magnitude.hpp"

namespace varprop {

/// The plan for one layer: with z = sε and ε of size 1, the engines compute α and the slopes φ'(z), where a =
/// τα.
///
/// direct: α = φ(scale·ε), τ = 1. linear: φ is two straight lines at this size (exactly, or because z is so
/// small or so large that the rest is below rounding), so α = slope(sign ε)·ε and τ = s, and s itself never
/// enters a double.
struct SignalRange {
  std::optional<Slopes> linear;
  double scale = 1;  ///< s as a double; 1 where linear
  Magnitude tau;     ///< a = τα
};

/// The plan for z = sε. Beyond 2^±100 the curvature of φ changes a = φ(z) by less than 2^−90 of itself.
class RangePlanner {
 public:
  explicit RangePlanner(const Activation& activation) : facts_(activation.facts()) {}

  SignalRange operator()(const Magnitude& s) const {
    if (s.zero()) return {std::nullopt, 0.0, Magnitude::from(1)};
    if (const auto slopes = straight_lines(s)) return {slopes, 1.0, s};
    return {std::nullopt, s.to_double(), Magnitude::from(1)};
  }

 private:
  std::optional<Slopes> straight_lines(const Magnitude& s) const {
    if (facts_.homogeneous()) return facts_.at_zero;
    if (s.below_power(-100) && facts_.value_at_zero == 0) return facts_.at_zero;
    if (!s.below_power(100) && facts_.at_infinity != Slopes{0, 0}) return facts_.at_infinity;
    return std::nullopt;
  }

  ActivationFacts facts_;
};

}  // namespace varprop
