// What theory says of a network of infinite width: where its variance settles, and what its gradient does.
//
// Poole et al. 2016 (arXiv:1606.05340), Schoenholz et al. 2017 (arXiv:1611.01232); docs/theory.md has the
// formulas.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/words.hpp"
#include "theory/infinite_width/fixed_points.hpp"
#include "theory/reason.hpp"

namespace varprop::theory {

/// What becomes of two nearly equal signals, and of the gradient: χ < 1, χ = 1, χ > 1.
enum class Phase { ordered, critical, chaotic };

}  // namespace varprop::theory

template <>
struct varprop::EnumWords<varprop::theory::Phase> {
  static constexpr std::string_view noun = "phase";
  static constexpr std::array words{std::pair{theory::Phase::ordered, std::string_view("ordered")},
                                    std::pair{theory::Phase::critical, std::string_view("critical")},
                                    std::pair{theory::Phase::chaotic, std::string_view("chaotic")}};
};

namespace varprop::theory {

/// |ln χ| up to this is critical: over the largest depth, 2²⁰ layers, a gradient changes by less than e.
inline constexpr double critical_tolerance = 1.0 / (1 << 20);

/// Of a factor χ > 0 per layer.
Phase phase_of(double chi);

/// Predictions for one activation, σ_w², σ_b² and first q.
struct InfiniteWidth {
  /// The fixed point that the forward variance reaches from q_1; 0 where the signal dies out.
  ValueOrReason<double> q_star;
  /// χ = σ_w² D(q*): the factor of a squared gradient norm per layer going down. Where q grows without bound
  /// or φ is homogeneous, from the slopes that the signal feels in the end: χ exists without a q*. Infinite
  /// where φ outgrows every line, 0 where it has no slope at 0 and the signal dies out.
  double chi;
  /// dq'/dq at q*, or its limit along the way.
  double chi_q;
  /// ξ_q = −1/ln χ_q: layers after which the distance to q* has shrunk by e.
  ValueOrReason<double> xi_q;
  /// Every q ≥ 0 with q' = q, ascending, q* among them. Empty also where every q is one (linear at χ = 1, no
  /// bias).
  std::vector<double> fixed_points;
  /// Layers in which the memory of q_1 fades by e: |1/ln χ_q|, and 0 where every layer is alike from the
  /// first on (homogeneous φ without bias).
  ValueOrReason<double> transient;
  /// Layers before the signal takes its last course: until ln q is within a tenth of ln q*, or, where it dies
  /// out or grows without bound, ln q_{l+1} − ln q_l and ln σ_w²D(q_l) within a tenth of ln χ_q = ln χ
  /// (softplus is straight to 1/q in q, to 1/√q in its slope). Far from q*, or near another fixed point, the
  /// map may be much slower than ξ_q says. 0 where φ is homogeneous without bias, or |χ_q| = 1; and where it
  /// was not asked for (InfiniteWidthPredictor::onset): near criticality it is a walk through thousands of
  /// layers.
  double onset = 0;
  /// ln q is a random walk with independent steps at finite width (no positive fixed point holds it).
  bool no_fixed_point;
};

/// Predictions of one activation, for inputs of one mean square M. Construction tabulates V and D once (some
/// twenty milliseconds).
class InfiniteWidthPredictor {
 public:
  explicit InfiniteWidthPredictor(const Activation& activation, double input_mean_square = 1)
      : finder_(activation), input_mean_square_(input_mean_square) {}

  const MeanField& mean_field() const { return finder_.mean_field(); }
  const FixedPointFinder& finder() const { return finder_; }
  /// q_1 where a network's input is of mean square M.
  double first_q(Variances variances) const { return first_layer_variance(variances, input_mean_square_); }
  double input_mean_square() const { return input_mean_square_; }

  /// For a network whose first layer has variance first_q > 0; with an onset of 0.
  InfiniteWidth operator()(Variances variances, double first_q) const;
  /// The onset of such a network, `limit` as predicted for it.
  double onset(Variances variances, double first_q, const InfiniteWidth& limit) const;

 private:
  FixedPointFinder finder_;
  double input_mean_square_;
};

/// q_1 … q_L: the variances of L layers from first_q on, by L − 1 maps.
std::vector<double> variance_profile(const MeanField& mean_field, Variances variances, double first_q,
                                     int depth);

/// φ'(−) and φ'(+) where the signal of `limit` ends up: at 0 where it dies out, at ±∞ where it grows without
/// bound. There every layer is alike, and the laws of homogeneous activations hold. Nothing where a fixed
/// point holds it, nor at χ = 1, which is reached too slowly to be alike (but for homogeneous φ without
/// bias).
ValueOrReason<Slopes> slopes_without_fixed_point(const ActivationFacts& facts, Variances variances,
                                                 const InfiniteWidth& limit);

}  // namespace varprop::theory
