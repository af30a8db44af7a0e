// What analysis says of the two inputs of a point: what becomes of their distance 1 − c through the depth,
// and the laws of where it ends and how fast it gets there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/results/point_results.hpp"
#include "analysis/statistics/estimate.hpp"
#include "core/text/words.hpp"
#include "theory/networks/pair_theory.hpp"

namespace varprop::analysis {

/// What becomes of the distance of two inputs: kept within a factor F · inputs become alike · they are driven
/// apart · too few networks to tell · more than 1 in 10 loses a signal.
enum class DistanceRegime : std::uint8_t { kept, undecided, alike, apart, extinct };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::DistanceRegime> {
  static constexpr std::string_view noun = "regime of a distance";
  static constexpr std::array words{
      std::pair{analysis::DistanceRegime::kept, std::string_view("kept")},
      std::pair{analysis::DistanceRegime::undecided, std::string_view("undecided")},
      std::pair{analysis::DistanceRegime::alike, std::string_view("alike")},
      std::pair{analysis::DistanceRegime::apart, std::string_view("apart")},
      std::pair{analysis::DistanceRegime::extinct, std::string_view("extinct")}};
};

namespace varprop::analysis {

/// What a regime means, as a clause. F is the factor of a distance that is kept.
std::string_view meaning_of(DistanceRegime regime);

struct PairAnalysis {
  /// Λ_c = ⟨ln(1 − c_L)⟩ − ln(1 − c_0), of every batch; none where no network has a distance.
  std::optional<Estimate> total{};
  double extinct_share = 0;                  ///< of networks, without a cosine in layer L
  std::optional<DistanceRegime> regime{};    ///< none where no batch is done, or both inputs are one
  std::optional<Estimate> last{};            ///< ⟨c_L⟩
  std::optional<Estimate> first_gradient{};  ///< ⟨γ_1⟩
  theory::PairTheory theory;
  /// c* and ξ_c. Where inputs meet, ξ_c's estimate, theory and neglected are of the rate −1/ξ_c, and c*'s of
  /// ln(1 − c_L), at which the distance is still falling.
  DepthLaw fixed_point{}, depth{};
};

/// extinct: share > 0.1 · alike: high < −ln F · apart: low > ln F · kept: |low|, |high| < ln F · else
/// undecided; [low, high] the 95 % interval of Λ_c.
DistanceRegime classify_distance(double extinct_share, const std::optional<Interval>& change, double factor);

/// Of a point at which two inputs of cosine c_0 were simulated, with at least one batch done; `pooled` the
/// correlation of their signals. `share_astray` of networks.
PairAnalysis analyze_pair(const PointResults& results, const PooledOverlap& pooled, theory::PairTheory theory,
                          double input_correlation, double factor, std::int32_t replicas_per_batch,
                          std::optional<theory::Reason> off_course);

}  // namespace varprop::analysis
