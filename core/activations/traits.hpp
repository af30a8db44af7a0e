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

/// Up to two points where φ is not smooth.
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

/// What is known of φ without evaluating it.
struct ActivationFacts {
  Slopes at_zero;        ///< φ'(0−), φ'(0+): the law of tiny signals
  Slopes at_infinity;    ///< φ'(−∞), φ'(+∞): the law of huge signals; 0 where φ saturates
  double value_at_zero;  ///< φ(0)
  Kinks kinks;

  /// φ(λz) = λφ(z) for every λ > 0: two straight lines that meet in the origin.
  bool homogeneous() const { return at_zero == at_infinity && value_at_zero == 0.0; }
};

}  // namespace varprop
