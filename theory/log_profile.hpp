// The variance and the gradient's gain layer by layer, in logarithms: nothing leaves the range of doubles.
#pragma once

#include <vector>

#include "theory/infinite_width.hpp"

namespace varprop {

/// ln q_1 … ln q_L from ln q_1 on: q_{l+1} = σ_w² V(q_l) + σ_b². Beyond 1e±290 V is taken for the straight
/// line that it is there to double precision. A sequence that has settled is not computed on.
std::vector<double> log_variance_profile(const MeanField& mean_field, Variances variances, double log_first_q,
                                         int depth);

/// Σ ln(σ_w² D(q_l)) over l = 1 … L − 1: ln g_1 of infinite width, for a profile as above.
double log_gradient_gain(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q);

}  // namespace varprop
