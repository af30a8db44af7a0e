// What the way back knows of a weight matrix from the way forward, and what a layer makes of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "workers/kernels/drawn_layer.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// What of z = Wa + σ_b b is due to W: ρ = k|a|²/s², s² = k|a|² + σ_b².
struct WeightShare {
  double root_rho;            ///< √ρ
  double root_one_minus_rho;  ///< √(1 − ρ)
};

/// Wᵀδ = √gain |δ| (tξ + bα), ξ ~ N(0, I) fresh.
struct TransposeShares {
  double t;
  double b;
};

/// The laws of Wᵀδ given Wa, â = a/|a|; a = 0 reveals nothing.
///
/// Gaussian W, Var W_ij = k, given z = sε:
///     Wᵀδ = √k |δ| (ξ + βâ),   β = √ρ εᵀδ/|δ| − (1 − √(1−ρ)) âᵀξ,
/// the conditional law of a Gaussian matrix given its action on a vector.
///
/// k is that of the matrix, α lives in the layer that it reads and ε in the one that it leads to.
///
/// Orthogonal W = σ_w Q, σ_w² = kn, given û, the direction of Wa, with c = ûᵀδ/|δ|:
///     Wᵀδ = σ_w |δ| (câ + √(1 − c²) η),   η = ξ⊥/|ξ⊥|,   ξ⊥ = ξ − (âᵀξ)â.
/// Q â = û fixes Qᵀû = â; what remains of Q is Haar from the space orthogonal to â to the one orthogonal
/// to û. n = 1 leaves no such space: Wᵀδ = σ_w |δ| câ.
class TransposedWeights {
 public:
  /// The network must outlive this.
  explicit TransposedWeights(const RandomNetwork& network)
      : orthogonal_(network.weights == WeightDistribution::orthogonal),
        n_(static_cast<double>(network.n)),
        network_(network),
        sigma_w2_(network.k * Magnitude::from(n_)) {}

  /// Of W^l: k_l, or kn = σ_w².
  const Magnitude& gain(std::int32_t l) const { return orthogonal_ ? sigma_w2_ : network_.variance(l); }

  /// t and b from the sums of the layer below W, W's share of z above it, and Σεδ/|δ| there (for orthogonal
  /// weights Σ√n ûδ/|δ|). form(β) gives Σ(ξ + βα)² formed neuron by neuron.
  template <class Form>
  TransposeShares operator()(const LayerSums& below, const WeightShare& share, double projection,
                             Form&& form) const {
    return orthogonal_ ? orthogonal(below, projection, form) : gaussian(below, share, projection);
  }

  /// Of Gaussian weights alone.
  static TransposeShares gaussian(const LayerSums& s, const WeightShare& share, double projection) {
    const double alpha_norm = std::sqrt(s.alpha_alpha);
    if (!(alpha_norm > 0)) return {1, 0};
    const double forgotten = (1 - share.root_one_minus_rho) * (s.alpha_xi / alpha_norm);
    return {1, (share.root_rho * projection - forgotten) / alpha_norm};
  }

 private:
  /// Below this share of |ξ|², |ξ|² − (âᵀξ)² has lost eight digits to cancellation.
  static constexpr double cancellation_limit = 1e-8;

  template <class Form>
  TransposeShares orthogonal(const LayerSums& s, double projection, Form&& form) const {
    const double alpha_norm = std::sqrt(s.alpha_alpha);
    if (!(alpha_norm > 0)) return {1 / std::sqrt(s.xi_xi), 0};
    const double c = projection / std::sqrt(n_);
    if (n_ == 1) return {0, c / alpha_norm};
    const double along = s.alpha_xi / alpha_norm;
    double across_squared = s.xi_xi - along * along;
    if (across_squared <= cancellation_limit * s.xi_xi) across_squared = form(-along / alpha_norm);
    const double t = std::sqrt(std::max(1 - c * c, 0.0) / across_squared);
    return {t, (c - t * along) / alpha_norm};
  }

  bool orthogonal_;
  double n_;
  const RandomNetwork& network_;
  Magnitude sigma_w2_;
};

/// d = σ ⊙ (tξ + bα), what is left of Wᵀδ behind φ: |d|² and εᵀd/|d|, 0 where d is.
struct SlopedGradient {
  double squared_norm;
  double epsilon_projection;
};

/// From a layer's sums; form(β) gives the sums of σ ⊙ (ξ + βα) formed neuron by neuron, for where they
/// cancel. `may_vanish`: d may be 0 but for rounding, as where a norm above leaves a single living neuron no
/// gradient.
template <class Form>
SlopedGradient sloped_gradient(const LayerSums& s, const TransposeShares& shares, bool may_vanish,
                               Form&& form) {
  /// Below this share of its parts |d|² has lost eight digits to cancellation: the sums are formed anew.
  constexpr double cancellation_limit = 1e-8;
  /// Below this share, formed anew, it is rounding.
  constexpr double nothing_limit = 1e-26;
  const auto [t, b] = shares;
  const double xi_part = t * t * s.slope_xi_squared;
  double d2 = std::fma(b, std::fma(b, s.slope_alpha_squared, 2 * t * s.slope2_xi_alpha), xi_part);
  double epsilon_d = std::fma(b, s.epsilon_slope_alpha, t * s.epsilon_slope_xi);
  const double parts = std::fma(b * b, s.slope_alpha_squared, xi_part);
  if (t > 0 && d2 <= cancellation_limit * parts) {
    const GradientSums exact = form(b / t);
    const bool nothing = may_vanish && (parts == 0 || t * t * exact.d_squared <= nothing_limit * parts);
    d2 = nothing ? 0 : t * t * exact.d_squared;
    epsilon_d = nothing ? 0 : t * exact.epsilon_d;
  }
  return {d2, d2 > 0 ? epsilon_d / std::sqrt(d2) : 0.0};
}

}  // namespace varprop::workers
