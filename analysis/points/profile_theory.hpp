// The profiles that theory predicts, beside those that are measured.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "analysis/points/predictions.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::analysis {

/// Of one point, by position in positive_quantities an element for each layer: ln q_l, ln g_l and ln ω_l of
/// infinite width; none of other quantities.
using TheoryProfiles = std::array<std::vector<double>, positive_quantities.size()>;

/// What theory says at some layers of some points; a map is iterated once for all its points.
class ProfileTheory {
 public:
  /// `layers` ascending from 1, the depth of every point among them.
  ProfileTheory(const std::vector<Point>& points, std::vector<std::int32_t> layers,
                const NetworkSettings& settings, Predictions& predictions);

  /// At the layers up to the point's depth, at infinite width. With s = ln(σ_w² D(q)):
  ///
  ///     ln q_l by the map from q_1 = σ_w² + σ_b²,   ln g_l = Σ s_k over k = l … L − 1,
  ///     ln ω_l = ln g_l + ln n + ln((q_l − σ_b²)/σ_w²)
  TheoryProfiles limit(const Point& point) const;

  /// The same at width n, exactly: means of logarithms over random networks. For homogeneous activations
  /// without biases and Gaussian or orthogonal weights only.
  ///
  ///     ⟨ln q_l⟩ = ⟨ln(|x|²/n)⟩ + ln σ_w² + m₁ + (l − 1) r,   ⟨ln g_l⟩ = (L − l) r,
  ///     ⟨ln ω_l⟩ = ⟨ln g_l⟩ + ln n + ⟨ln q_l⟩ − m₁ − ln σ_w²
  ///
  /// with r = ln χ + m the rate at width n and m₁ that of a layer without an activation
  /// (theory/log_ratio.hpp).
  std::optional<TheoryProfiles> at_width(const Point& point) const;

 private:
  /// ln q_l and Σ s_k over k < l, at the layers.
  struct MapProfile {
    std::vector<double> log_q;
    std::vector<double> log_gain;
  };

  MapProfile iterate(const Point& point) const;
  std::size_t layers_of(const Point& point) const;

  std::vector<std::int32_t> layers_;
  NetworkSettings ensemble_;
  Predictions& predictions_;
  std::map<Predictions::MapKey, MapProfile> maps_;
};

}  // namespace varprop::analysis
