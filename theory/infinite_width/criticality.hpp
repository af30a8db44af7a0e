// The edge of chaos: weight variances at which a gradient neither vanishes nor explodes, χ = 1 at q*
// (Schoenholz et al. 2017, arXiv:1611.01232), and the power laws in depth where the signal dies out there.
//
// A curve with q as its parameter: χ = 1 says σ_w² = 1/D(q), and q is a fixed point if σ_b² = q − V(q)/D(q).
// So for a bias variance every solution is a root of one function of q.
#pragma once

#include <vector>

#include "theory/infinite_width/infinite_width.hpp"

namespace varprop::theory {

/// A point of the edge of chaos.
struct CriticalPoint {
  double weight_variance;  ///< σ_w² = 1/D(q)
  double bias_variance;    ///< σ_b² = q − V(q)/D(q)
  double q;                ///< a fixed point of the map; 0 where the signal dies out
  double chi_q;            ///< dq'/dq there, V'/D: below 1 stable, 1 half-stable
  bool reached;            ///< a network that starts at q_1 = σ_w² + σ_b² arrives there
};

/// Every point with this bias variance, by ascending q. Empty for homogeneous activations, whose edge has no
/// q.
std::vector<CriticalPoint> critical_points(const InfiniteWidthPredictor& predict, double bias_variance);

/// The weight variance with χ = 1 at the q* that the network reaches; the smallest if there are several. For
/// homogeneous activations 2/(φ'(−)² + φ'(+)²) at every bias variance, though with one they have no q* there.
ValueOrReason<double> critical_weight_variance(const InfiniteWidthPredictor& predict, double bias_variance);

/// The points of the edge where dq'/dq = 1 too, by ascending q > 0: q* attracts from one side only.
std::vector<CriticalPoint> half_stable_points(const InfiniteWidthPredictor& predict);

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
ValueOrReason<CriticalDecay> critical_decay(const MeanField& mean_field, Variances variances,
                                            const InfiniteWidth& limit);

}  // namespace varprop::theory
