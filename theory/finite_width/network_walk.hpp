// How far the signal and the gradient of one network of width n stray from their start over its depth: mean
// and spread of ln q_L and ln g_1 where no exact law is known, to first order in 1/n about any signal,
// whether a fixed point holds it or not.
//
// Given the layer below, z^l of Gaussian weights is normal with variance s_l² = σ_w²|a^{l−1}|²/n + σ_b²; so
// s² is a Markov chain, and its step the mean of n independent φ²:
//
//     s_{l+1}² = σ_w² V(s_l²) G + σ_b²,        Var G = (Eφ⁴/V² − 1)/n
//     g_l/g_{l+1} = σ_w² D(s_l²) G' (1 + w_{l+1} A (e_{l+1}² − 1)/(V D n)),     Var G' = (3Eφ'⁴/D² − 1)/n
//     Cov(G, G') = (A/(V D) − 1)/n,   A = Eφ²φ'²,   w = σ_w²V/s_{l+1}²
//     e_l = (√w_{l+1} r e_{l+1} + √(E z²φ'²/(q D) − w_{l+1} r²) N)/√(the bracket above),   e_L = N,
//     r = E zφφ'/√(V q D),   N ~ N(0, 1) fresh
//
// G and G' have the logarithms of gamma variables with these variances: exact for linear φ.
// e = √n δ·z/(|δ||z|) is what the way up has revealed of the weights (docs/theory.md). As long as its mean
// square along a path, t, is of order 1, t stands for e². Beyond, as near a fixed point that drives signals
// away, where all of δ turns into the signal's direction, e is drawn: ln e² is on average below ln t.
// Orthogonal weights take the share of |u|² = σ_w²|a|² out of every variance, and weights with a fourth
// cumulant shift V, D and t by it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/network/axes.hpp"
#include "theory/finite_width/layer_moments.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"
#include "theory/means/mean_field.hpp"

namespace varprop::theory {

/// What one network out of many does over its whole depth: of ln(q_L n/|x|²), or of ln g_1.
struct TotalLaw {
  double mean;                ///< Λ
  double error = 0;           ///< of the mean: what an estimate neglects, 5/n of what the width adds to it
  double variance = 0;        ///< over networks
  double share_in_range = 1;  ///< p_in: of networks with |ln change| < ln F
  double extinct_share = 0;   ///< of networks in which it is exactly 0
};

/// Where a signal's change begins to count: at the input, |x|²/n, or at the first layer, ⟨ln q_1⟩.
enum class CountedFrom { input, first_layer };

/// Whose totals they are: known exactly at the width, estimated by the walk, or of infinite width.
enum class TotalsOf { width_exactly, width, infinite_width };

struct NetworkTotals {
  TotalLaw forward;
  TotalLaw backward;
  TotalsOf of;
};

/// The walk of one activation's networks, of one law of weights and one width. What a layer does is tabulated
/// in ln q where it is asked for, so that other variances cost little.
class NetworkWalk {
 public:
  /// `mean_field` outlives it; width ≥ 1, nothing: infinite.
  NetworkWalk(const MeanField& mean_field, WeightDistribution weights, std::optional<std::int64_t> width);

  /// For |x|² = n M and F = e^{log_factor}: exact for homogeneous φ without bias and Gaussian or orthogonal
  /// weights (theory/means/log_ratio.hpp; p_in as of a normal). Else paths of s² walk side by side, some
  /// hundreds, with stratified noise (sorted anew in every layer), the same at every call. Infinite width
  /// where one layer's relative noise is beyond 1 (no expansion). Beyond `deepest` layers the totals go on as
  /// over the last half of these, and their error counts how far its two halves differ.
  NetworkTotals operator()(Variances variances, double input_mean_square, int depth, double log_factor,
                           CountedFrom from = CountedFrom::input);

  static constexpr int deepest = 1 << 14;

 private:
  using enum LayerMoments::Of;

  struct Paths;
  struct Noise;
  struct Revealed;

  std::optional<NetworkTotals> exact(Variances variances, int depth, double log_factor,
                                     CountedFrom from) const;
  std::optional<NetworkTotals> walk(Variances variances, double input_mean_square, int depth,
                                    double log_factor, CountedFrom from);
  Noise noise_of(const LayerMoments& layer, double weight_share, double kurtosis_below) const;
  bool step(Paths& paths, Variances variances);
  NetworkTotals totals(Paths paths, Variances variances, double log_start, double log_factor);
  LogRatioLaw last_layer(double weight_share, double kurtosis_below) const;
  Revealed revealed(const Paths& paths, std::size_t i, Variances variances);

  const MeanField& mean_field_;
  WeightDistribution weights_;
  double n_;  ///< may be infinite
  LayerMomentTable moments_;
};

}  // namespace varprop::theory
