// The diagonal of a network's own neural tangent kernel (Jacot et al. 2018, arXiv:1806.07572) in standard
// parametrization: Θ = Θ_W + Θ_b, Θ_W = Σ_l ω_l and Θ_b = Σ_l g_l over all layers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/axes.hpp"
#include "core/network/settings.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/reason.hpp"

namespace varprop::theory {

/// ln Θ_W and ln Θ_b of infinite width; Θ_W grows like the width, which the leading order is told of.
struct TangentKernel {
  double log_weight;
  double log_bias;
};

/// Of networks whose ln q_1 … ln q_L are `log_profile`, the input's mean square M among what made them:
///
///     g_l = Π σ_w² D(q_k) over k = l … L − 1,   ω_l = g_l n A_{l−1},   A_0 = M, A_l = V(q_l) = (q_{l+1} −
///     σ_b²)/σ_w².
///
/// For homogeneous φ without biases and symmetric weights these are the means at every width.
TangentKernel tangent_kernel(const MeanField& mean_field, Variances variances,
                             const std::vector<double>& log_profile, std::int64_t width);

/// ln of E Θ_W²/(E Θ_W)² over random networks of width n and depth L, exactly: for homogeneous φ without
/// biases, Gaussian or orthogonal weights. The signs of z^l are then independent coins (Hanin & Nica 2019,
/// arXiv:1909.05989), so with κ = Eφ'⁴/(Eφ'²)² (1 for linear, 2 for ReLU) and ι = E|x|⁴/(E|x|²)²
///
///     E Θ_W²/(E Θ_W)² = ι/L² Σ_{l,m} f^{L−1−|l−m|} r_{|l−m|},   f = 1 + (3κ − 1)/n,   r_0 = 1, r_s = T₁,
///
/// where T = (E(tr M)²/n², E tr M²/n², E ΣM_ii²/n²) of M = PPᵀ, P = D(WD)^{s−1}, in units of (E tr M/n)²,
/// from (1, 1/n, 1/n) on:
///
///     D:   T₁ + (κ−1)T₃,  T₂ + (κ−1)T₃,  κT₃
///     W:   T₁ + 2T₂/n,  T₁/n + (1 + 1/n)T₂,  (T₁ + 2T₂)/n;      orthogonal  T₁,  T₂,  (T₁ + 2T₂)/(n + 2)
///
/// and f = (n − 1 + 3κ)/(n + 2) of orthogonal weights. It does not depend on σ_w² or M.
ValueOrReason<double> log_tangent_kernel_ratio(const ActivationFacts& facts, double bias_variance,
                                               WeightDistribution weights, InputDistribution input,
                                               std::int64_t width, int depth);

/// Both of one point.
struct TangentKernelTheory {
  TangentKernel limit;
  ValueOrReason<double> log_ratio;
};

}  // namespace varprop::theory
