// What theory says of a point: the one assembly of all that the other modules know, for the analysis of a
// sweep and for `varprop theory`.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/network/point.hpp"
#include "theory/finite_width/basins.hpp"
#include "theory/finite_width/finite_width.hpp"
#include "theory/finite_width/gradient_correction.hpp"
#include "theory/infinite_width/correlation.hpp"
#include "theory/infinite_width/criticality.hpp"
#include "theory/infinite_width/infinite_width.hpp"

namespace varprop::theory {

/// What depends on the map of a layer alone, not on the width or the distribution of the weights.
struct MapTheory {
  Variances variances;
  InfiniteWidth limit;                 ///< q*, χ, ξ_q
  CorrelationLimit correlation;        ///< c*, ξ_c
  ValueOrReason<CriticalDecay> decay;  ///< power laws where the signal dies out critically
  Barriers barriers{};                 ///< next to the signal's course
};

/// Without the signal's onset, which InfiniteWidthPredictor::onset has for those who ask.
MapTheory map_theory(const InfiniteWidthPredictor& predict, Variances variances);

/// docs/theory.md has the formulas; n is the point's width.
struct PointTheory {
  InfiniteWidth limit;                        ///< infinite width: q*, χ, ξ_q
  ValueOrReason<Phase> phase;                 ///< none where χ is 0
  CorrelationLimit correlation;               ///< c*, ξ_c
  ValueOrReason<double> backward_rate;        ///< ln χ
  ValueOrReason<double> backward_rate_n;      ///< change of ⟨ln g_l⟩ per layer going down at width n
  ValueOrReason<double> backward_variance_n;  ///< Var ln g per layer at width n
  ValueOrReason<double> forward_rate_n;  ///< change of ⟨ln q_l⟩ per layer at width n, where nothing holds q
  ValueOrReason<double> q_star_n;        ///< exp⟨ln q_l⟩ at width n where q* holds it
  ValueOrReason<GradientCorrection> correction;  ///< κ₁ and v
  ValueOrReason<CriticalDecay> decay;            ///< power laws where the signal dies out critically
  Barriers barriers{};                           ///< next to the signal's course
  double share_astray =
      0;  ///< of networks of width n beyond a barrier; what is said of width n is refused then
  double backward_rate_neglected = 0;  ///< size of what backward_rate_n neglects; 0 where it is exact
  double forward_rate_neglected = 0;   ///< of what forward_rate_n neglects
  double log_q_star_neglected = 0;     ///< of what ln q_star_n neglects
  double relative_xi_q_neglected = 0;  ///< of what finite width adds to ξ_q, relative to it
};

/// `predict` of the point's activation, `map` what it says. Without a width what depends on one has none.
PointTheory point_theory(const InfiniteWidthPredictor& predict, const MapTheory& map,
                         WeightDistribution weights, std::optional<std::int64_t> width);

/// Of a point of which theory says nothing, for this reason: χ is not a number.
PointTheory unknown_theory(Reason reason);

/// How far the quadrature's error may move what is predicted; 0 where it is exact or does not exist.
struct PointUncertainty {
  Uncertainty limit;
  double c_star = 0, xi_c = 0;
  double critical_weight_variance = 0;
  GradientCorrection correction{};
};

PointUncertainty uncertainty_of(const InfiniteWidthPredictor& predict, const MapTheory& map,
                                WeightDistribution weights);

/// A network of L layers, its input on the sphere.
struct DepthTheory {
  std::vector<double> log_profile;    ///< ln q_1 … ln q_L of infinite width
  NetworkLaw network;                 ///< ln q_L and ln g_1; without a width those of infinite width
  std::optional<PairProfile> pair{};  ///< where an input correlation is given
};

/// ln q_L and ln g_1 of infinite width, for a profile as above.
NetworkLaw limit_law(const InfiniteWidthPredictor& predict, const MapTheory& map,
                     const std::vector<double>& log_profile);

/// Correlations are followed through so many layers at the most that are double integrals.
inline constexpr int deepest_correlation = 256;

/// Of two inputs of cosine c_0, through the layers whose ln q_l are `log_profile`, as far as they are
/// followed. 1 − c_1 = (1 − c_0) σ_w² M/q_1.
PairProfile pair_profile(const InfiniteWidthPredictor& predict, Variances variances,
                         const std::vector<double>& log_profile, double input_correlation);

DepthTheory depth_theory(const InfiniteWidthPredictor& predict, const MapTheory& map,
                         WeightDistribution weights, std::optional<std::int64_t> width, int depth,
                         std::optional<double> input_correlation);

}  // namespace varprop::theory
