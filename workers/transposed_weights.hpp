// What the backward pass meets: Wᵀδ, given what the forward pass revealed of W.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/math/magnitude.hpp"
#include "workers/layer_sums.hpp"
#include "workers/random_network.hpp"

namespace varprop {

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
/// Orthogonal W = σ_w Q, σ_w² = kn, given û, the direction of Wa, with c = ûᵀδ/|δ|:
///     Wᵀδ = σ_w |δ| (câ + √(1 − c²) η),   η = ξ⊥/|ξ⊥|,   ξ⊥ = ξ − (âᵀξ)â.
/// Q â = û fixes Qᵀû = â; what remains of Q is Haar from the space orthogonal to â to the one orthogonal
/// to û. n = 1 leaves no such space: Wᵀδ = σ_w |δ| câ.
class TransposedWeights {
 public:
  explicit TransposedWeights(const RandomNetwork& network)
      : orthogonal_(network.weights == Weights::orthogonal),
        n_(static_cast<double>(network.n)),
        gain_(orthogonal_ ? network.k * Magnitude::from(n_) : network.k) {}

  const Magnitude& gain() const { return gain_; }

  /// t and b from the sums of the layer below W, W's share of z above it, and Σεδ/|δ| there (for orthogonal
  /// weights Σ√n ûδ/|δ|). form(β) gives Σ(ξ + βα)² formed neuron by neuron.
  template <class Form>
  TransposeShares operator()(const LayerSums& below, const WeightShare& share, double projection,
                             Form&& form) const {
    return orthogonal_ ? orthogonal(below, projection, form) : gaussian(below, share, projection);
  }

 private:
  /// Below this share of |ξ|², |ξ|² − (âᵀξ)² has lost eight digits to cancellation.
  static constexpr double cancellation_limit = 1e-8;

  static TransposeShares gaussian(const LayerSums& s, const WeightShare& share, double projection) {
    const double alpha_norm = std::sqrt(s.alpha_alpha);
    if (!(alpha_norm > 0)) return {1, 0};
    const double forgotten = (1 - share.root_one_minus_rho) * (s.alpha_xi / alpha_norm);
    return {1, (share.root_rho * projection - forgotten) / alpha_norm};
  }

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
  Magnitude gain_;  ///< k, or kn = σ_w²
};

}  // namespace varprop
