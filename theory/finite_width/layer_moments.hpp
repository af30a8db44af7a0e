// What one layer does to the squares that pass it: moments of φ and φ' over z ~ N(0, q), tabulated in ln q
// where they are asked for, so that other variances and widths cost little.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "theory/means/mean_field.hpp"

namespace varprop::theory {

/// E over z ~ N(0, q), all but the first without units.
struct LayerMoments {
  enum Of : std::size_t {
    log_V,
    log_D,
    signal_kurtosis,  ///< Eφ⁴/V²
    slope_kurtosis,   ///< Eφ'⁴/D²
    common,           ///< Eφ²φ'²/(V D)
    V_slope,          ///< q V'/V = E zφφ'/V
    V_curvature,      ///< q² V''/V
    D_slope,          ///< q D'/D
    D_curvature,      ///< q² D''/D
    slope_of_large,   ///< E z²φ'²/(q D)
    smooth_count,
    log_dead_gradient = smooth_count,  ///< ln P(φ' = 0), not below −1e6
    log_dead_signal,                   ///< ln P(φ = 0), likewise
    count
  };

  double& operator[](std::size_t moment) { return values[moment]; }
  double operator[](std::size_t moment) const { return values[moment]; }

  std::array<double, count> values{};
};

class LayerMomentTable {
 public:
  /// `mean_field` outlives it.
  explicit LayerMomentTable(const MeanField& mean_field);

  /// By cubics between nodes an eighth apart in ln q, −30 to 60; beyond them φ is its two lines, or its
  /// power. Where φ is silent to double precision ln V and ln D are −10⁶ or less.
  LayerMoments at(double log_q);

 private:
  using enum LayerMoments::Of;

  LayerMoments compute(double log_q) const;
  void put_dead_shares(LayerMoments& moments, double q) const;
  const LayerMoments& node(int i);

  const MeanField& mean_field_;
  std::vector<std::optional<LayerMoments>> nodes_;  ///< from the lowest ln q on
};

}  // namespace varprop::theory
