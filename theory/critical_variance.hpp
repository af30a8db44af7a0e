// The edge of chaos: weight variances at which a gradient neither vanishes nor explodes, χ = 1 at q*
// (Schoenholz et al. 2017, arXiv:1611.01232).
//
// A curve with q as its parameter: χ = 1 says σ_w² = 1/D(q), and q is a fixed point if σ_b² = q − V(q)/D(q).
// So for a bias variance every solution is a root of one function of q.
#pragma once

#include <vector>

#include "theory/infinite_width.hpp"

namespace varprop {

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
Reasoned<double> critical_weight_variance(const InfiniteWidthPredictor& predict, double bias_variance);

/// The points of the edge where dq'/dq = 1 too, by ascending q > 0: q* attracts from one side only.
std::vector<CriticalPoint> half_stable_points(const InfiniteWidthPredictor& predict);

}  // namespace varprop
