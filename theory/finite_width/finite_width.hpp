// Networks of width n: how fast their gradients change, where they neither vanish nor explode, what q_L and
// g_1 to expect.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "theory/finite_width/gradient_correction.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

/// ln χ: the change of ln g per layer going down, at infinite width. None where χ is 0 to double precision.
ValueOrReason<double> backward_rate(const InfiniteWidth& limit);

/// What one layer does to ln q and to ln g at width n where the signal runs free: the law of the straight
/// lines that it feels in the end. Where other layers are unlike (φ is not homogeneous, or there are biases)
/// it must stay there: not every neuron of a layer is off at once (2^−n ≤ 10⁻⁶, where a slope is 0), and the
/// walk of ln q, mean μ = ln χ + m and variance v a layer, has the sign of ln χ and returns from where laws
/// are looked for, 6/|ln χ| layers on, with exp(−12 μ²/(v |ln χ|)) ≤ e^−6.
ValueOrReason<LogRatioLaw> free_law(const ActivationFacts& facts, Variances variances,
                                    const InfiniteWidth& limit, WeightDistribution weights,
                                    std::int64_t width);

/// The change of ⟨ln g⟩ per layer going down, once the input is forgotten: ln χ + m exactly where the signal
/// runs free, else ln χ + κ₁/n, where |κ₁| is at most n/2; `limit` as predicted for `variances`.
ValueOrReason<double> backward_rate_at_width(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, WeightDistribution weights,
                                             std::int64_t width);

/// The σ_w² at which that rate is zero. Without bias and for homogeneous φ exactly e^{−m}/D, and for linear φ
/// at every bias variance; else the zero nearest to the critical weight variance of infinite width, if ln χ +
/// κ₁/n has one within a factor 4 of it; where q* = 0 there, upwards from beside it. Some
/// milliseconds; from beside q* = 0 on, where the map is slow, two seconds at n = 10⁶.
ValueOrReason<double> critical_weight_variance_at_width(const InfiniteWidthPredictor& predict,
                                                        WeightDistribution weights, double bias_variance,
                                                        std::int64_t width);

/// Whether φ is one line, so that gradients are passed on whatever the signal.
bool is_linear(const ActivationFacts& facts);

/// Why there is no expansion about a fixed point that hardly holds so narrow a network: the standard
/// deviation of ln s², the variance given the layer below, is beyond ½.
std::optional<Reason> strays_far(const ForwardCorrection& forward, std::int64_t width);

/// Mean and variance, over random networks, of ln q_L and of ln g_1.
struct NetworkLaw {
  ValueOrReason<double> forward_mean;       ///< ⟨ln q_L⟩
  ValueOrReason<double> forward_variance;   ///< Var ln q_L
  ValueOrReason<double> backward_mean;      ///< ⟨ln g_1⟩
  ValueOrReason<double> backward_variance;  ///< Var ln g_1
  double forward_neglected = 0;  ///< size of what ⟨ln q_L⟩ neglects in powers of 1/n; 0 where it is exact
  double backward_neglected = 0;  ///< the same of ⟨ln g_1⟩
};

/// Of networks of this width and the depth of `log_profile` (ln q_1 … ln q_L of infinite width), the input on
/// the sphere. Exact for homogeneous φ without bias; to first order in 1/n where corrections are known and
/// the networks are at least 6 ξ_q deep and near q* from the first quarter of their layers on; else each says
/// why there is none.
NetworkLaw network_law(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit,
                       WeightDistribution weights, std::int64_t width,
                       const std::vector<double>& log_profile);

}  // namespace varprop::theory
