// What every activation says of itself besides φ and φ'.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace varprop {

/// The slopes of φ on the two sides of a point: lim φ'(z) from below and from above.
struct Slopes {
  double negative;
  double positive;
  friend bool operator==(const Slopes&, const Slopes&) = default;
};

/// The one parameter that an activation may have, with its range (ends included).
struct ParameterFacts {
  std::string_view name;
  double default_value;
  double low;
  double high;
};

/// Up to two points where φ' jumps.
struct Kinks {
  std::array<double, 2> at{};
  std::size_t count = 0;
};

/// φ and φ' at one point (or at one vector of points).
template <class V>
struct ValueAndSlope {
  V value;
  V slope;
};

/// φ and φ' (at one point or at one vector of points) far out where they decay, too small for doubles or not:
/// φ = value·exp(−value_decay), φ' = slope·exp(−slope_decay).
template <class V>
struct Tail {
  V value;
  V value_decay;
  V slope;
  V slope_decay;
};

/// The units of a whole layer in its tail: φ is counted in exp(−value_decay), φ' in exp(−slope_decay).
struct TailUnits {
  double value_decay;
  double slope_decay;
};

/// Which of the two ends something happens at.
struct Ends {
  bool negative = false;
  bool positive = false;
  bool any() const { return negative || positive; }
};

/// What is known of φ without evaluating it.
struct ActivationFacts {
  Slopes at_zero;        ///< φ'(0−), φ'(0+): the law of tiny signals
  Slopes at_infinity;    ///< lim φ(z)/z at −∞ and +∞: the law of huge signals; 0 where φ is bounded
  double value_at_zero;  ///< φ(0)
  Kinks kinks;
  Ends decays{};            ///< where φ' falls towards 0 for ever; its definition has a `tail` there
  bool oscillates = false;  ///< φ has period 2π

  /// φ(λz) = λφ(z) for every λ > 0: two straight lines that meet in the origin.
  bool homogeneous() const { return at_zero == at_infinity && value_at_zero == 0.0; }
};

}  // namespace varprop
