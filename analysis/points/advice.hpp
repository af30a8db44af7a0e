// What would make a network start out stable: another weight variance, other biases, more neurons in a layer,
// or fewer layers.
#pragma once

#include <span>
#include <vector>

#include "analysis/points/point_analysis.hpp"
#include "analysis/points/predictions.hpp"

namespace varprop::analysis {

/// The first that is known to help, of a stream another branch scale, else in this order; of undecided points
/// without one, more networks.
enum class Remedy : std::uint8_t {
  weight_variance,
  biases,
  width,
  depth,
  width_and_variance,
  networks,
  unknown,
  branch_scale
};

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::Remedy> {
  static constexpr std::string_view noun = "remedy";
  static constexpr std::array words{
      std::pair{analysis::Remedy::weight_variance, std::string_view("another weight variance")},
      std::pair{analysis::Remedy::biases, std::string_view("other biases")},
      std::pair{analysis::Remedy::width, std::string_view("wider")},
      std::pair{analysis::Remedy::depth, std::string_view("fewer layers")},
      std::pair{analysis::Remedy::width_and_variance, std::string_view("wider at another weight variance")},
      std::pair{analysis::Remedy::networks, std::string_view("more networks")},
      std::pair{analysis::Remedy::unknown, std::string_view("none known")},
      std::pair{analysis::Remedy::branch_scale, std::string_view("another branch scale")}};
};

namespace varprop::analysis {

/// Of a point with its advice; none of one that is stable or has no result.
std::optional<Remedy> remedy_of(const PointAnalysis& analysis);

/// Gives every point of a sweep its advice. What the table measured comes first, and nothing is named that
/// it contradicts.
///
/// nearest_stable: of the grid's points that differ in the weight variance alone and are stable, the one with
/// the smallest |ln ratio|. Where none is, for vanishing and exploding points: a weight variance between what
/// vanishes below and explodes above at which by theory both signal and gradient change by less than F^¾
/// through this depth (Predictions::network), and single networks of this width stay in range, those among
/// them whose signal begins 3 √(2/n) off in ln q_1: the zero of theory's backward rate where it does, else
/// one that is searched for. Where theory knows no width, ⟨ln⟩ is half the variance less that was measured at
/// the neighbouring weight variances.
///
/// stable_branch_scale: of streams likewise, along the branch scale; of those that vanish or explode by
/// theory of infinite width (theory::nearest_stable_branch_scale, with its margin), or as much less as single
/// networks stray: their variance is taken for as large a share of the mean change as was measured.
///
/// stable_bias_variance: of points that are not stable, the nearest bias variance of the grid at which the
/// point that differs in it alone is.
///
/// stable_width: of points that are not stable, the least width of the grid from which on all that differ in
/// it alone are stable; or less, where networks stray, die or drift for want of neurons: the width from which
/// this point would be stable (stable_width_of), or, where it vanishes or explodes, and single networks of
/// this width stray at the critical weight variance too, from which they do not, by theory's variance.
///
/// stable_depth: of points that are not stable, the largest depth of the grid up to which all that differ in
/// it alone are stable; where none is, the largest at which the shallowest would be by its own rates:
/// Λ' = Λ − r (L − L') (Λ (L'−1)/(L−1) where there is no rate and Λ is in range), v' = v (L'−1)/(L−1).
void advise(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions, double factor);

/// The points that differ along one axis alone, ascending along it.
using PointGroup = std::vector<PointAnalysis*>;

inline double weight_variance_of(const PointAnalysis& analysis) {
  return analysis.point.weight_variance.value();
}
inline double branch_scale_of(const PointAnalysis& analysis) {
  return analysis.point.branch_scale.value();
}

using CoordinateOf = double (*)(const PointAnalysis&);

/// Whether the grid, none of whose points is stable, speaks against a stable one at this coordinate: it was
/// measured there, or its neighbour below does not vanish or the one above does not explode. A neighbour that
/// strays, dies or is undecided speaks against it; one that is not there does not.
bool speaks_against(const PointGroup& group, double advised, CoordinateOf coordinate);

/// Of a group along the weight variance none of whose points is stable, a weight variance at which by theory
/// both signal and gradient stay well in range through the depth, as `advise` says; none where there is none,
/// or where the grid speaks against it.
std::optional<double> stable_variance_by_theory(const PointGroup& group, Predictions& predictions,
                                                double factor);

/// P(|N(mean, variance)| < limit).
double share_within(double limit, double mean, double variance);

/// The least n' ≥ n at which a direction is stable by the laws in 1/n: with Λ = ρ + δ the measured change, ρ
/// that of infinite networks, v its variance over networks,
///
///     Λ' = ρ + δ n/n',   v' = v n/n',   P(|N(Λ', v')| < ln F) ≥ 0.93,   |Λ'| < 0.95 ln F
///
/// and, where a neuron dies with ½, (L − 1) 2^−n' ≤ 0.1. None where no width does it: |ρ| ≥ ln F.
std::optional<double> stable_width_of(const Point& point, const Direction& direction, double infinite_change,
                                      double factor);

}  // namespace varprop::analysis
