// What theory says of plain networks beyond the first axes: unequal widths, dropout, norms.
#pragma once

#include <vector>

#include "theory/networks/network_layers.hpp"
#include "theory/networks/point_theory.hpp"

namespace varprop::theory {

/// What is known of a point, and for the rest Reason::other_networks. Of infinite width: q*, χ, ξ_q
/// where every layer behind the first is one map (equal widths, or fan-in); with a norm q is q* from the
/// second layer on. At its width, for homogeneous activations without biases, Gaussian weights and equal
/// widths: rates and variances with dropout, and those of the gradient with RMS norms before φ, exactly.
PointTheory network_theory(const InfiniteWidthPredictor& predict, const Point& point,
                           const NetworkSettings& settings);

/// c* and ξ_c of such networks, of inputs whose masks are drawn for each; unknown where no q* is reached and
/// φ is not homogeneous without biases. Some tens of double integrals.
CorrelationLimit network_correlation(const InfiniteWidthPredictor& predict, const Point& point,
                                     const NetworkSettings& settings);

/// ln q_L and ln g_1: means of infinite width, and at the point's widths means and variances where layers are
/// homogeneous without norms, biases and inputs off the sphere: sums of dropout_log_ratio over hidden widths.
/// Of networks with a stream (ln q_L and ln g_0) the former, as far as stream_theory.hpp has them.
NetworkLaw network_law(const InfiniteWidthPredictor& predict, const Point& point,
                       const NetworkSettings& settings);

/// σ_w² at which the gradient neither vanishes nor explodes, in infinite width or at the point's; for
/// homogeneous activations without norms and biases whose layers are one map.
ValueOrReason<double> network_critical_variance(const MeanField& mean_field, const Point& point,
                                                const NetworkSettings& settings, bool at_width);

/// The hidden layers' widths as the spread over networks counts them: to first order it is proportional to
/// Σ 1/n_l, (L − 1)/n of equal layers.
struct HiddenWidths {
  double sum_of_inverses;
  std::int32_t narrowest_layer;  ///< the first of the narrowest
  std::int64_t least;            ///< its width; the point's own where there is no hidden layer
  double share;                  ///< of the narrowest layer in the sum
};
HiddenWidths hidden_widths(const Point& point);

/// Shares of networks that are dead at their last layer: of which the signal, or the gradient at the first
/// layer, is exactly 0.
struct DeadShares {
  double signal, gradient;
};
/// Exactly, of plain networks whose φ is 0 on one side of 0 and one slope on the other, at the point's
/// widths: 1 − Π(1 − (1 − p/2)^{n_l}) over hidden layers, p = keep. Neurons' signs are independent coins for
/// Gaussian and orthogonal weights. Where there are biases no signal is ever 0.
ValueOrReason<DeadShares> dead_shares(const Point& point);

/// ln q, ln g, ln ω and ln A of every layer, at infinite width.
struct NetworkProfiles {
  std::vector<double> log_q, log_g, log_weight_gradient, log_a;
};
/// ln q_1 is off by so much.
NetworkProfiles network_profiles(const InfiniteWidthPredictor& predict, const Point& point,
                                 const NetworkSettings& settings, double off = 0);

}  // namespace varprop::theory
