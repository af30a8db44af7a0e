// Power laws in depth where the signal dies out critically: σ_b = 0, q* = 0, χ = 1.
#pragma once

#include "theory/infinite_width.hpp"

namespace varprop {

/// q_l → coefficient · l^{−exponent}, and g_1 ∝ L^{−gradient_exponent}.
struct CriticalDecay {
  double exponent;
  double coefficient;
  double gradient_exponent;
};

/// With p₁, p₂, p₃ the derivatives of φ on the two sides of 0, ⟨·⟩ the mean of both sides, s = ⟨p₁²⟩ and T
/// the jump of p₁p₂ (right minus left), at σ_w² = 1/s
///
///     σ_w²V(q) = q + √(2/π) (T/s) q^{3/2} + 3⟨p₂²/4 + p₁p₃/3⟩/s q² + …
///     σ_w²D(q) = 1 + √(2/π) (T/s) q^{1/2} + ⟨p₂² + p₁p₃⟩/s q + …
///
/// From q' = q − a q^{1+r} follows q_l → (a r l)^{−1/r}; from χ_l = 1 − b q_l^r a gradient's ln g_1 = −Σ b
/// q_l^r = −(b/(a r)) ln L. T ≠ 0 (ELU, softsign): r = ½, exponent 2, gradient exponent 2. T = 0 (tanh, erf,
/// sin): r = 1, exponent 1, gradient exponent b/a, which is 1 where p₂ = 0. No exponent where every order
/// vanishes (hard tanh), and none off criticality.
Reasoned<CriticalDecay> critical_decay(const MeanField& mean_field, Variances variances,
                                       const InfiniteWidth& limit);

}  // namespace varprop
