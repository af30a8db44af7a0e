// How alike two vectors are, without cancellation: u and u + e however small the difference e is, and two
// vectors compared at equal length where one is far longer than the other, or nearly parallel to it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "workers/network/network_sample.hpp"

namespace varprop::workers {

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

/// Sums over n elements of the vectors u, f and v = u + f, where f is in units of `unit`. Where v was formed
/// by itself, far from u, it may have a unit of its own, and f means nothing.
struct ComparedSums {
  double uu, uf, ff;
  double vv, uv;
};

/// The vector e' = v|u|/|v| − u: what the cosine of u and v needs to know of v.
struct EqualNorms {
  DifferenceGeometry geometry;           ///< of u and e'
  Magnitude ratio = Magnitude::from(1);  ///< |v|/|u|; where f means nothing, in their units
  /// e'/|e'| = of_u·u + of_f·f + of_v·v, with the vectors as they stand in the sums; zero where e' is.
  double of_u = 0, of_f = 0, of_v = 0;
  bool by_itself = false;  ///< from v alone: 1 − c is good to 1e-16, not to as much of itself
};

/// u and nothing that differs from it.
inline EqualNorms equal_vectors(const Magnitude& u_squared) {
  EqualNorms e;
  e.geometry.u_squared = u_squared;
  return e;
}

/// Whether v is to be told by f: neither so long nor so short that u hides it.
inline bool of_like_norm(const ComparedSums& s) {
  return s.vv < 16 * s.uu && s.uu < 16 * s.vv;
}

/// By v alone.
inline EqualNorms compare_by_itself(const ComparedSums& s, const Magnitude& u_squared, std::int64_t n) {
  EqualNorms e = equal_vectors(u_squared);
  e.ratio = Magnitude::from(std::sqrt(s.vv / s.uu));
  e.by_itself = true;
  const double cosine = std::clamp(s.uv / std::sqrt(s.uu) / std::sqrt(s.vv), -1.0, 1.0);
  const double c = n == 1 ? std::copysign(1.0, cosine) : cosine;
  if (1 - c < DifferenceGeometry::rounding) return e;
  e.geometry = DifferenceGeometry::of_equal_norms(u_squared, {c, Magnitude::from(1 - c)});
  const double over_norm = 1 / std::sqrt(2 * (1 - c));
  e.of_u = -over_norm / std::sqrt(s.uu);
  e.of_v = over_norm / std::sqrt(s.vv);
  return e;
}

/// By f, so that 1 − c keeps its digits however small f is: e' = (v/ρ − u) with ρ = |v|/|u|, so in units of f
/// e' = f/ρ + κu, κ = (1/ρ − 1)/unit = −(2uf + unit·ff)/(uu ρ(1 + ρ)).
inline EqualNorms compare_by_difference(const ComparedSums& s, const Magnitude& u_squared,
                                        const Magnitude& unit, std::int64_t n) {
  const double rho = std::sqrt(s.vv / s.uu);
  EqualNorms e = equal_vectors(u_squared);
  e.ratio = Magnitude::from(rho);
  const Magnitude unit_squared = u_squared / Magnitude::from(s.uu) * (unit * unit);
  const auto plain =
      DifferenceGeometry::from_sums(s.uu, s.uf, s.ff, u_squared / Magnitude::from(s.uu), unit_squared, n);
  const auto c = cosine_of(plain);
  if (!c || c->distance.zero()) return e;
  e.geometry = DifferenceGeometry::of_equal_norms(u_squared, *c);
  const double norm = (e.geometry.e_squared / unit_squared).square_root().to_double();
  const double kappa = -(2 * s.uf + unit.to_double() * s.ff) / (s.uu * rho * (1 + rho));
  e.of_f = 1 / (rho * norm);
  e.of_u = kappa / norm;
  return e;
}

/// Whether e' = v/|v| − u/|u|, formed element by element, tells more of 1 − c than the sums do.
inline bool worth_refining(const EqualNorms& e, std::int64_t n) {
  return e.by_itself && n > 1 && (e.geometry.e_squared / e.geometry.u_squared).below_power(-13);
}

/// With Σe'², of e' in the place of f.
inline EqualNorms refined(EqualNorms e, double squared, std::int64_t n) {
  if (!worth_refining(e, n)) return e;
  e.of_u = e.of_v = e.of_f = 0;
  e.geometry = {e.geometry.u_squared, Magnitude()};
  if (squared < 1e-28) return e;
  e.geometry = DifferenceGeometry::of_equal_norms(e.geometry.u_squared,
                                                  {1 - squared / 2, Magnitude::from(squared / 2)});
  e.of_f = 1 / std::sqrt(squared);
  return e;
}

/// `by_itself`: v was formed by itself. u and v must not be zero.
inline EqualNorms compare(const ComparedSums& s, const Magnitude& u_squared, const Magnitude& unit,
                          bool by_itself, std::int64_t n) {
  if (by_itself || !of_like_norm(s)) return compare_by_itself(s, u_squared, n);
  return compare_by_difference(s, u_squared, unit, n);
}

}  // namespace varprop::workers
