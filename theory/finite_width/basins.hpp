// Where a signal may end up instead: maps with several ends that draw it in, and the share of networks of
// width n whose own fluctuations carry them over the barrier between two.
#pragma once

#include <cstdint>
#include <optional>

#include "theory/infinite_width/infinite_width.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

/// The fixed points q > 0 next to a signal's course that drive it away (χ_q > 1): beyond them it ends
/// elsewhere. None on a side where there is no other end.
struct Barriers {
  std::optional<double> below;  ///< in q
  std::optional<double> above;

  bool any() const { return below || above; }
  /// Whether ln q lies beyond one of them.
  bool astray(double log_q) const;
  /// Why nothing is said of networks a share of which is beyond them.
  Reason ends_in_two_ways(double share) const;
};

/// Of the course that `limit` takes, `predict`ed for `variances`.
Barriers barriers_of(const InfiniteWidthPredictor& predict, Variances variances, const InfiniteWidth& limit);

/// Layers after which a network is asked on which side it is.
inline constexpr double layers_until_astray = 100;
/// From this share of networks on nothing is said of a width: a sweep of a thousand would see it.
inline constexpr double largest_share_astray = 1e-3;

/// The share of networks of width n beyond a barrier. With x = ln s², s² the variance of z^l given the layer
/// below, which is a Markov chain for Gaussian weights,
///
///     mean step b(x) = ln(f(e^x)/e^x) − ν/2,   variance ν(x) = σ_w⁴ Var φ²/(n f²),   f(q) = σ_w²V(q) + σ_b²,
///
/// as a diffusion: from x_1 it leaves (x_a, x_b), the other end and its own, through x_a with probability
/// ∫_{x_1}^{x_b} S'/∫_{x_a}^{x_b} S', S' = exp(−∫ 2b/ν); from q* > 0 it later crosses the barrier in T layers
/// on average, T = ∫_{x*}^{x_u} S' ∫_{−∞}^{y} 2/(ν S'). (C. W. Gardiner, Handbook of Stochastic
/// Methods, 5.2.) Orthogonal weights keep |z|, which takes 2(qV')² from Var φ²; others are taken for
/// Gaussian. Good to a small factor where ν is small; its size is what counts. 0 without barriers. Some
/// milliseconds.
double share_astray(const InfiniteWidthPredictor& predict, Variances variances, const InfiniteWidth& limit,
                    const Barriers& barriers, WeightDistribution weights, double first_q, std::int64_t width);

}  // namespace varprop::theory
