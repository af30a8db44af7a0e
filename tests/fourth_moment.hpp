// The standardised fourth moment of each law of independent weights.
#pragma once

#include <cmath>

#include "core/network/axes.hpp"

namespace varprop::test {

/// E Z⁴/(E Z²)² of a normal Z cut at ±c: (3 − (2c³ + 6c)φ(c)/m)/(1 − 2cφ(c)/m)², m = P(|Z| < c), c = 2.
inline double truncated_fourth_moment() {
  const double phi_over_m = std::exp(-2) / std::sqrt(2 * std::acos(-1)) / std::erf(std::sqrt(2));
  const double variance = 1 - 4 * phi_over_m;
  return (3 - 28 * phi_over_m) / (variance * variance);
}

/// μ₄ = E W⁴/(E W²)².
inline double fourth_moment(WeightDistribution law) {
  if (law == WeightDistribution::uniform) return 9.0 / 5;
  if (law == WeightDistribution::truncated_normal) return truncated_fourth_moment();
  return law == WeightDistribution::rademacher ? 1 : 3;
}

}  // namespace varprop::test
