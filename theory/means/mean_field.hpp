// What a layer of infinite width does to the variance of a Gaussian signal (Poole et al. 2016,
// arXiv:1606.05340).
//
//     V(q) = E φ(√q Z)²    D(q) = E φ'(√q Z)²    V'(q) = E Z φ(√q Z) φ'(√q Z) / √q,    Z ~ N(0, 1)
//
// The forward map is q' = σ_w² V(q) + σ_b² with slope dq'/dq = σ_w² V'(q); a squared gradient norm takes the
// factor σ_w² D(q) per layer (Schoenholz et al. 2017, arXiv:1611.01232).
#pragma once

#include "core/network/activations/activation.hpp"
#include "theory/means/quadrature.hpp"

namespace varprop::theory {

/// V, D and V' of one activation for q from 0 to 1e300. Relative accuracy 1e-13 (tests/theory), but for V' of
/// sin, which falls like exp(−2q): 1e-16 absolute. At q = 0 the limits from above. Where φ(λz) = λᵖφ(z), V =
/// V(1) qᵖ and D = D(1) q^{p−1}, which may leave the range of doubles.
class MeanField {
 public:
  explicit MeanField(const Activation& activation);

  const Activation& activation() const { return activation_; }
  const ActivationFacts& facts() const { return facts_; }

  Integral V(double q) const;
  Integral D(double q) const;
  Integral V_prime(double q) const;

 private:
  Integral V_within_range(double q) const;
  Integral D_within_range(double q) const;

  Activation activation_;
  ActivationFacts facts_;
};

/// The q at which φ may be evaluated in place of q. φ of period 2π/ω feels the phase of ω√q Z alone, and from
/// ω²q = 40 on that is uniform: what is left, exp(−2ω²q) and faster, is below 1e-34.
double effective_variance(const ActivationFacts& facts, double q);

/// (φ'(−)² + φ'(+)²)/2: D where every pre-activation feels one slope on each side.
double mean_square(const Slopes& slopes);

}  // namespace varprop::theory
