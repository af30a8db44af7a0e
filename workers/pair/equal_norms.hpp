// Two vectors compared at equal length: nothing is lost where one is far longer than the other, or nearly
// parallel to it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "workers/pair/cosine.hpp"

namespace varprop {

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

}  // namespace varprop
