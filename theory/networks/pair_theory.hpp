// What theory says of two inputs of one network, layer by layer: where their correlation settles, from which
// layer on their distance 1 − c follows its last law, and how fast it falls there, also at width n.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "theory/networks/point_theory.hpp"

namespace varprop::theory {

/// Of linear networks' inputs the share that turns to opposite ones; beyond it no law of their distance is
/// told.
inline constexpr double largest_turned_share = 0.01;

/// What becomes of 1 − c in the end: it falls by one factor a layer · it settles at 1 − c* > 0 · no law.
enum class PairCourse { meet, settle, none };

/// Two inputs through layers of one map.
struct PairMap {
  PairProfile profile;
  std::vector<double> log_q;  ///< of as many layers as the profile has
};

/// Of two inputs of cosine c_0 through so many layers, or as far as they are followed.
PairMap pair_map(const InfiniteWidthPredictor& predict, Variances variances, double input_correlation,
                 int depth);

/// A layer's step of ln(1 − c) within this share of the last rate follows the law; a distance within
/// `near_distance` of ln(1 − c*) is near it, and within `settled_distance` it has settled.
inline constexpr double alike_step = 0.01, near_distance = 0.02, settled_distance = 1e-3;

struct PairTheory {
  PairCourse course = PairCourse::none;
  ValueOrReason<double> c_star;
  /// Change of ln(1 − c) a layer where inputs meet, and at width n: that of the gradient, by whose law a
  /// small difference of two signals travels, ln χ + κ₁/n; of homogeneous φ without biases, whose lengths
  /// change alike, that of a small angle (angle_log_ratio), 0 at infinite width. Linear networks with
  /// Gaussian weights: where few of them turn the inputs to opposite ones, θ_0/π in the end, and c* is 1.
  ValueOrReason<double> rate, rate_n;
  double rate_neglected = 0;  ///< size of what rate_n neglects
  /// ξ_c: −1/rate where inputs meet, else that of c*.
  ValueOrReason<double> xi_c;
  /// The first layer from which on the law holds (PairCourse: the steps are alike; 1 − c has settled), from
  /// which on 1 − c is near where it settles, and from which on the signal has settled; none where not within
  /// the layers that are followed.
  std::optional<int> law_from{}, near_from{}, signal_settled_from{};
  /// ln(1 − c_l) at width n to first order in 1/n and in the angle, from l = 1 on: for homogeneous φ without
  /// biases and Gaussian or orthogonal weights; empty else.
  std::vector<double> log_distance_n{};
};

/// Of a point of the first axes, `theory` what is said of it.
PairTheory pair_theory(const InfiniteWidthPredictor& predict, const PairMap& map, Variances variances,
                       const PointTheory& theory, WeightDistribution weights, std::int64_t width);

/// Of networks of which nothing is known.
PairTheory unknown_pair_theory(Reason reason);

}  // namespace varprop::theory
