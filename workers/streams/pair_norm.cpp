#include "workers/streams/pair_norm.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::workers {

/// With t = |e|/|u| and b the cosine of u and e: |x₂|²/|x₁|² = E = 1 + 2bt + t², κ = −t(2b + t)/(√E(1 + √E)).
PairSignal PairNorm::apply(const PairSignal& x, const Magnitude& root_n, bool both) {
  const DifferenceGeometry g = x.across();
  *this = {};
  if (g.u_squared.zero()) return {};
  slope_ = root_n / g.u_squared.square_root();
  const auto c = both ? cosine_of(g) : std::nullopt;
  if (!c) return PairSignal::beside_mean({root_n * root_n, Magnitude()});
  const Magnitude t = (g.e_squared / g.u_squared).square_root();
  const double apart = std::min(t.to_double(), 1e150), along = std::fma(g.cosine, apart, 1.0);
  const double length = std::sqrt(std::fma(along, along, g.squared_sine * apart * apart));
  const double longer = 2 * g.cosine + apart;
  ratio_ = Magnitude::from(1 / length);
  kappa_ = t * Magnitude::from(std::fabs(longer) / (length * (1 + length)));
  sign_ = longer > 0 ? -1 : 1;
  sine_ = t * Magnitude::from(std::sqrt(g.squared_sine) / length);
  cosine_ = std::clamp(along / length, -1.0, 1.0);
  return PairSignal::beside_mean(DifferenceGeometry::of_equal_norms(root_n * root_n, *c));
}

}  // namespace varprop::workers
