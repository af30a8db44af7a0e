// How alike u and u + e are, without cancellation however small the difference e is.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/network_sample.hpp"

namespace varprop {

/// The inner products of u and e: |u|², |e|² and ⟨u, e⟩ as a cosine.
struct DifferenceGeometry {
  Magnitude u_squared;
  Magnitude e_squared;
  double cosine = 0;        ///< ⟨u, e⟩/(|u||e|); 0 where either is zero
  double squared_sine = 1;  ///< 1 − cosine²; 1 where either is zero

  /// From the sums Σu², Σue, Σe² over n elements, u and e in units whose squares are given. Two vectors of
  /// one element are parallel, whatever rounding says.
  static DifferenceGeometry from_sums(double uu, double ue, double ee, const Magnitude& u_unit_squared,
                                      const Magnitude& e_unit_squared, std::int64_t n) {
    DifferenceGeometry geometry{u_unit_squared * Magnitude::from(uu), e_unit_squared * Magnitude::from(ee)};
    // A unit may be 0 where the sum is not: the direction of a difference that vanishes means nothing.
    if (geometry.u_squared.zero() || geometry.e_squared.zero()) return geometry;
    geometry.cosine = std::clamp(ue / std::sqrt(uu * ee), -1.0, 1.0);
    const double squared_sine = (ee - ue * (ue / uu)) / ee;
    const bool parallel = n == 1 || squared_sine < rounding;
    geometry.squared_sine = parallel ? 0 : std::min(squared_sine, 1.0);
    if (parallel) geometry.cosine = std::copysign(1.0, geometry.cosine);
    return geometry;
  }

  /// Of u and another vector of its length, at this cosine.
  static DifferenceGeometry of_equal_norms(const Magnitude& u_squared, const Cosine& c) {
    if (c.distance.zero()) return {u_squared, Magnitude()};
    const double half = std::min(c.distance.to_double() / 2, 1.0);
    const bool opposite = 1 - half < rounding;
    return {u_squared, u_squared * (Magnitude::from(2) * c.distance), opposite ? -1 : -std::sqrt(half),
            opposite ? 0 : 1 - half};
  }

  /// Of u and another vector at this cosine that is `ratio` times as long.
  static DifferenceGeometry with_ratio(const Magnitude& u_squared, const Cosine& c, const Magnitude& ratio) {
    if (ratio.zero()) return {u_squared, u_squared, -1, 0};
    const double r = ratio.to_double();
    if (!ratio.below_power(200))
      return {u_squared, u_squared * ratio * ratio, c.value, 1 - c.value * c.value};
    const Magnitude longer = Magnitude::from(std::fabs(r - 1));
    const Magnitude t2 = longer * longer + Magnitude::from(2 * r) * c.distance;
    if (t2.zero()) return {u_squared, Magnitude()};
    const Magnitude t = t2.square_root();
    const double d = c.distance.to_double();
    const double cosine =
        std::copysign((longer / t).to_double(), r - 1) - (Magnitude::from(r) * c.distance / t).to_double();
    const double squared_sine = (Magnitude::from(r * r * std::max(2 - d, 0.0)) * c.distance / t2).to_double();
    return {u_squared, u_squared * t2, std::clamp(cosine, -1.0, 1.0), std::clamp(squared_sine, 0.0, 1.0)};
  }

  /// Below this a squared sine is the rounding of sums: the vectors are parallel.
  static constexpr double rounding = 1e-14;
};

/// The cosine c of u and u + e. With t = |e|/|u| and the cosine b of u and e,
///     c = (1 + bt)/√E,   1 − c = t²(1 − b²)/(√E(√E + 1 + bt)),   E = |u + e|²/|u|² = 1 + 2bt + t².
/// Nothing where either vector is zero; E below 10⁻²⁶ max(1, t²) is rounding, hence zero.
inline std::optional<Cosine> cosine_of(const DifferenceGeometry& g) {
  if (g.u_squared.zero()) return std::nullopt;
  if (g.e_squared.zero()) return Cosine{1, Magnitude()};
  const Magnitude t2 = g.e_squared / g.u_squared;
  const double t = t2.square_root().to_double();
  if (t > 1e100) return Cosine{g.cosine, Magnitude::from(1 - g.cosine)};
  const double along = std::fma(g.cosine, t, 1.0);
  const double E = std::fma(along, along, g.squared_sine * t * t);
  if (!(E > 1e-26 * std::max(1.0, t * t))) return std::nullopt;
  const double root = std::sqrt(E);
  const double c = std::clamp(along / root, -1.0, 1.0);
  if (c <= 0.5) return Cosine{c, Magnitude::from(1 - c)};
  return Cosine{c, t2 * Magnitude::from(g.squared_sine / (root * (root + along)))};
}

}  // namespace varprop
