// The plane that two signals span: what the weights above them revealed of themselves lies in it.
#pragma once

#include <cmath>

#include "workers/pair/cosine.hpp"
#include "workers/pair/pair_pass.hpp"

namespace varprop {

/// A vector's components along e₁ = a₁/|a₁| and e₂, the direction of what a₂ − a₁ has beside e₁. A direction
/// that does not exist (a zero or a parallel vector) has component 0.
struct Components {
  double e_1 = 0;
  double e_2 = 0;
};

/// e₁ and e₂ of one layer's signals, in terms of the sums' α and Δ (or α₂, in its place), whose cosine
/// `basis` has. However a₂ was scaled since, e₂ is the same direction. `parallel`: what went on has no e₂.
class SignalSpan {
 public:
  SignalSpan(const PairSums& sums, const DifferenceGeometry& basis, bool parallel)
      : sums_(sums),
        cosine_(basis.cosine),
        over_alpha_(sums.alpha_alpha > 0 ? 1 / std::sqrt(sums.alpha_alpha) : 0),
        over_delta_(basis.e_squared.zero() || !(sums.delta_delta > 0) ? 0 : 1 / std::sqrt(sums.delta_delta)),
        over_sine_(basis.squared_sine > 0 && over_delta_ > 0 && !parallel ? 1 / std::sqrt(basis.squared_sine)
                                                                          : 0) {}

  bool has_e_1() const { return over_alpha_ > 0; }
  bool has_e_2() const { return over_sine_ > 0; }
  Components of_xi_1() const { return components(sums_.alpha_xi_1, sums_.delta_xi_1); }
  Components of_xi_2() const { return components(sums_.alpha_xi_2, sums_.delta_xi_2); }

  /// Coefficients of α and Δ that make up the vector with these components.
  struct Coefficients {
    double alpha, delta;
  };
  Coefficients coefficients(const Components& v) const {
    const double along_delta = v.e_2 * over_sine_;
    return {(v.e_1 - cosine_ * along_delta) * over_alpha_, along_delta * over_delta_};
  }

 private:
  Components components(double alpha_product, double delta_product) const {
    const double e_1 = alpha_product * over_alpha_;
    return {e_1, (delta_product * over_delta_ - cosine_ * e_1) * over_sine_};
  }

  const PairSums& sums_;
  double cosine_;
  double over_alpha_, over_delta_, over_sine_;
};

}  // namespace varprop
