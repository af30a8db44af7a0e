// What becomes of the correlation of two inputs with depth (Poole et al. 2016, arXiv:1606.05340; Schoenholz
// et al. 2017, arXiv:1611.01232).
//
//     1 − c' = σ_w² (V(q) − C(q, c))/q',    dc'/dc = σ_w² (q/q') K(q, c)
//
// At q* the map c'(c) is a power series with coefficients ≥ 0 whose sum is 1. So it is convex on [0, 1], and
// its fixed points are 1; one c* < 1 in [0, 1) if and only if χ > 1, and then every pair but c = ±1 arrives
// there; and −1 where φ is odd and there is no bias.
#pragma once

#include <vector>

#include "theory/infinite_width/infinite_width.hpp"
#include "theory/means/mean_field.hpp"

namespace varprop::theory {

/// Averages over two signals u₁, u₂ of variance q and correlation c = cos θ:
///
///     C(c) = E φ(u₁)φ(u₂),    K(c) = E φ'(u₁)φ'(u₂) = C'(c)/q,    C(1) = V, K(1) = D
///     K̄(c) = (1/(1−c)) ∫_c^1 K = (V − C)/(q(1−c)) = E (φ(u₁) − φ(u₂))² / E (u₁ − u₂)²
///
/// K̄ instead of C, so that nothing cancels where c is near 1. Relative accuracy 1e-12.
struct PairMeans {
  Integral K;
  Integral K_bar;
};

/// K and K̄ for q > 0 and θ from 0 to π: in closed form for homogeneous φ (Cho & Saul 2009), else a double
/// integral (about a millisecond; tens of them from q = 1e6 on).
PairMeans pair_means(const MeanField& mean_field, double q, double angle);

/// 1 − cos θ and its inverse, accurate at both ends.
double distance_of_angle(double angle);
double angle_of_distance(double distance);

/// Where correlations settle at a point, and how fast.
struct CorrelationLimit {
  /// c*: where every pair of inputs with |c_0| < 1 arrives.
  ValueOrReason<double> c_star;
  /// 1 − c*, which has digits where c* itself rounds to 1.
  ValueOrReason<double> distance;
  /// ξ_c = −1/ln(σ_w² K(c*)): layers after which the distance |z_1 − z_2|² of two signals is nearer to its
  /// limit by e. Where they meet (c* = 1) or die out (q* = 0) that is −1/ln χ.
  ValueOrReason<double> xi_c;
  /// Every c with c' = c, ascending; empty where all are, or none.
  std::vector<double> fixed_points;
  /// Absolute errors of c* and ξ_c by the quadrature's estimate; 0 where they are exact or do not exist.
  double c_star_error = 0, xi_c_error = 0;
};

/// For the point that `limit` is the prediction of. Some milliseconds in the chaotic phase, else immediate.
CorrelationLimit correlation_limit(const MeanField& mean_field, Variances variances,
                                   const InfiniteWidth& limit);

/// A layer with a norm or with dropout, whose masks are drawn for each input, at its settled variances:
///
///     1 − c' = lost + weight (V(q) − C(q, c))/next_q
struct ChangedPairs {
  double q;       ///< of what φ reads
  double weight;  ///< σ_w² over what a norm behind φ divides by
  double next_q;  ///< of z'
  double lost;    ///< 1 − c' of equal signals: (1/p − 1) of the share that the weights have in next_q
};

/// With lost > 0 the map has one fixed point in [0, 1), where every pair arrives, equal ones too.
CorrelationLimit correlation_limit(const MeanField& mean_field, const ChangedPairs& layer);

/// Two signals of one variance through the layers, and their gradients under the same output gradient, at
/// infinite width.
struct PairProfile {
  std::vector<double> log_distance;     ///< ln(1 − c_l), l from 1 on; −∞ of equal signals
  std::vector<double> gradient_factor;  ///< γ_l/γ_{l+1} = K(q_l, c_l)/D(q_l), of all layers but the last
};

/// Of two signals of the variances `log_q` (ln q_1, ln q_2, …), as many layers as these, whose first distance
/// is 1 − c_1 = `first_distance`. A double integral a layer, but for homogeneous φ; where every further layer
/// does the same to a distance, it is not computed on. It ends behind so many integrals, where ln q is
/// infinite, or where φ is silent near 0 and one neuron in 10¹⁰ is left: pairs of those are not resolved.
PairProfile pair_profile(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q,
                         double first_distance, std::size_t most_integrals = std::size_t{1} << 20);

/// γ_l of a network of depth L, l = 1 … L: the product of the factors of the layers from l to L − 1, γ_L = 1.
/// As many layers as the profile has where it ends before L: none.
std::vector<double> gradient_correlations(const PairProfile& profile, std::size_t depth);

}  // namespace varprop::theory
