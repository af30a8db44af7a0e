// A norm of two signals that are kept as the first and the difference, and its Jacobian of two gradients.
#pragma once

#include "workers/streams/pair_frame.hpp"

namespace varprop::workers {

/// N(x) = √n x̂ of either, x̂ the direction of what it has beside 1̂; N(0) = 0.
///
/// In the plane of x̂₁ = f₁ and x̂₂ = C f₁ + S f₂ the Jacobian J = (√n/|x|)(1 − x̂x̂ᵀ) leaves of D₁ what it has
/// along f₂, and of D₂ what it has along n = −S f₁ + C f₂. With λ = |x₁|/|x₂| = 1 + κ and f = D₂ − D₁, beside
/// the plane and within it, in units of √n/|x₁|,
///     J₂D₂ − J₁D₁ = κ D₁ + λ f,   (κ D₁·n + λ f·n) n + S [(S D₁·f₁ − C D₁·f₂) f₁ − (C D₁·f₁ + S D₁·f₂) f₂]:
/// nothing is subtracted that is nearly equal, and S, κ and |f| are magnitudes.
class PairNorm {
 public:
  /// Of signals; unless `both` are followed the second is the first.
  PairSignal apply(const PairSignal& x, const Magnitude& root_n, bool both);

  /// D, gradients at N(x) with these sizes, become those at x. Shape of a column: along f₁, f₂, beside them,
  /// and last along 1̂.
  template <std::size_t rows>
  void apply_transposed_jacobian(TwoColumns<rows>& D, Magnitude& first, Magnitude& difference) const {
    const auto A = D[0], F = D[1];
    const Magnitude turned_by = first * sine_, longer_by = first * kappa_, moved = ratio_ * difference;
    const Magnitude unit = larger(larger(turned_by, longer_by), moved);
    const auto in_units = [&unit](const Magnitude& x) { return unit.zero() ? 0 : (x / unit).to_double(); };
    const double s = in_units(turned_by), S = sine_.to_double(), C = cosine_;
    const double k = sign_ * in_units(longer_by), l = in_units(moved);
    const double turned = k * (C * A[1] - S * A[0]) + l * (C * F[1] - S * F[0]);
    D[0][0] = D[0][rows - 1] = D[1][rows - 1] = 0;
    D[1][0] = s * (S * A[0] - C * A[1]) - S * turned;
    D[1][1] = C * turned - s * (C * A[0] + S * A[1]);
    for (std::size_t i = 2; i + 1 < rows; ++i) D[1][i] = k * A[i] + l * F[i];
    first = first * slope_;
    difference = unit * slope_;
  }

 private:
  Magnitude slope_;                       ///< √n/|x₁|, 0 where x₁ is
  Magnitude ratio_ = Magnitude::from(1);  ///< λ
  Magnitude kappa_;                       ///< |κ|
  double sign_ = 1;                       ///< of κ
  Magnitude sine_;                        ///< S ≥ 0
  double cosine_ = 1;                     ///< C
};

}  // namespace varprop::workers
