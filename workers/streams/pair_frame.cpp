#include "workers/streams/pair_frame.hpp"

#include <algorithm>

namespace varprop::workers {

/// With ρ = |D₂|/|D₁|, e = f/ρ + (1/ρ − 1)D₁.
PairGradient PairGradient::at_equal_norms(TwoColumns<rows> columns, const Magnitude& first_unit,
                                          const Magnitude& difference_unit, bool second_alive) {
  constexpr double rounding = 1e-13;  // of D₂ and e, beside what they are sums of
  PairGradient D;
  D.first = first_unit * Magnitude::from(take_norm(columns[0]));
  D.second_alive = false;
  if (D.first.zero()) return D;
  D.columns[0] = columns[0];
  if (!second_alive) return D;
  D.second_alive = true;
  const Magnitude size = difference_unit * Magnitude::from(take_norm(columns[1]));
  if (size.zero()) return D;
  const double t = std::min((size / D.first).to_double(), 1e150), c = dot_of(columns[0], columns[1]);
  std::array<double, rows> second = columns[0];
  add_to(second, t, columns[1]);
  const double rho = norm_of_column(second);
  if (!(rho > rounding * std::max(1.0, t))) {
    D.second_alive = false;
    return D;
  }
  std::array<double, rows> e = columns[1];
  const bool near = t < 1;
  for (double& x : e) x *= (near ? 1 : t) / rho;
  add_to(e, near ? -(2 * c + t) / (rho * (1 + rho)) : 1 / rho - 1, columns[0]);
  const double norm = take_norm(e);
  if (!(norm * rho > rounding * (near ? 1 : t))) return D;  // of another length, but parallel
  D.columns[1] = e;
  D.difference = (near ? size : D.first) * Magnitude::from(norm);
  return D;
}

}  // namespace varprop::workers
