// What theory says of networks with a residual stream: profiles of infinite width, exact moments at finite
// width, and the branch scale that holds a depth.
#pragma once

#include <optional>
#include <vector>

#include "core/network/point.hpp"
#include "theory/means/mean_field.hpp"
#include "theory/reason.hpp"
#include "theory/streams/stream_map.hpp"

namespace varprop::theory {

/// Element l, l = 0 (the input) to L. ℓ = ⟨V, X_L⟩, V uniform on the unit sphere. What belongs to a layer is
/// not a number at l = 0, and −∞ where the block does not have it.
struct StreamProfiles {
  std::vector<double> log_q, log_g;
  std::vector<double> log_weight_gradient;  ///< of the sum over the layer's matrices
  ByRole<std::vector<double>> log_groups;   ///< of each
  /// ln E(∂ℓ/∂β)²: the square of a normal, whose mean ln is 1.27 less. Not a number where it is not known:
  /// without norms unless blocks are homogeneous, and of several tokens with a norm in front.
  std::vector<double> log_branch_gradient;
  std::vector<double> log_a;  ///< of the hidden activations
  /// ln(1 − c_l) and γ_l of any two tokens, or of two inputs under one V. Empty where there are none, or
  /// where they are not followed so deep (deepest_pair).
  std::vector<double> log_distance, gamma;
  /// c_l, and ln(1 − γ_l); of tokens that are unlike c_l, γ_l and these logarithms are means over pairs.
  std::vector<double> correlation, log_gamma_distance;
  double kappa = 1;  ///< at the first layer's input, or behind a norm (StreamMap::kappa)
};

/// Two columns take a double integral a layer, but where φ is homogeneous: as deep as this.
inline constexpr int deepest_stream_pair = 1024;

/// Of a point with a stream. Unknown of inputs that are not normal neuron by neuron where neurons read them
/// (residual), or that have a mean where a layer norm takes it away; and of tokens that are unlike, behind a
/// causal mask, where there is no norm or where they are more than most_unlike_tokens (token_profiles.hpp).
///
/// Where |ln q| passes 1e17 (gates without a norm square q each block) ln q and ln g are infinite from there
/// on, without anything beside them.
///
/// With attention to several tokens it is the limit of many heads of many neurons; with
/// attention_scale = linear, of the point's own neurons a head.
ValueOrReason<StreamProfiles> stream_profiles(const MeanField& mean_field, const Point& point,
                                              const NetworkSettings& settings);

/// g_0/g_L of α = 1 behind RMS or layer norms in front, without biases: the branch adds v to q and
/// κv/q to the gradient's factor.
///
///     Π_{l=1..L} (1 + κ/(a + l − 1)) = Γ(a)Γ(a+L+κ)/(Γ(a+κ)Γ(a+L)),  a = q_0/v
///
/// The logarithm of it.
double log_pre_norm_gain(double a, double kappa, double layers);

/// Of q_L/q_0 and of g_0, which have the same first and second moment.
struct StreamMoments {
  double log_mean;    ///< ln E
  double log_square;  ///< ln(E X²/(E X)²)
};

/// Exactly, at the point's width, for mlp blocks with one token, homogeneous φ, Gaussian weights, no norm and
/// no biases, with B = σ₁²σ₂²(φ'(−)² + φ'(+)²)/2 and F = Eφ⁴/(pE²φ²) (ReLU 6/p):
///
///     E q_L/q_0 = (α²+β²B/p)^L,   E q_L²/(E q_L)² = (1 + ρ)^L,
///     ρ = [4α²β²B/n + β⁴B²((1 + 2/n)(1 + (F − 1)/m) − 1)]/(α²+β²B)²        (B for B/p)
ValueOrReason<StreamMoments> exact_stream_moments(const Point& point, const NetworkSettings& settings);

/// ln q_L → N(B(1 − 2/n), 4B/n) of such networks with α = 1, β = 1/√L as L → ∞, at any n and m.
struct LogNormalLimit {
  double mean, variance;
};
LogNormalLimit deep_stream_limit(double B, double width);

/// ln(q_L/q_0) and ln g_0 of infinite width.
struct StreamTotals {
  double forward, backward;
};
ValueOrReason<StreamTotals> stream_totals(const MeanField& mean_field, const Point& point,
                                          const NetworkSettings& settings);

/// Of ln F, by which another branch scale must hold.
inline constexpr double spared_share = 0.9;

/// The branch_scale nearest to the point's, in ln β, at which both totals keep within `log_factor` (its own
/// where they do; another only within spared_share of it), between 2^−20 and 2^20 times it. Some tens of
/// stream_totals().
ValueOrReason<double> nearest_stable_branch_scale(const MeanField& mean_field, const Point& point,
                                                  const NetworkSettings& settings, double log_factor);

}  // namespace varprop::theory
