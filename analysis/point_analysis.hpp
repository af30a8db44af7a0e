// Everything that analysis says of one point.
#pragma once

#include <array>
#include <optional>

#include "analysis/cause.hpp"
#include "analysis/direction.hpp"
#include "analysis/format_exits.hpp"
#include "analysis/point_theory.hpp"
#include "analysis/pooled_profile.hpp"

namespace varprop {

/// What the analysis of a point depends on besides its results.
struct AnalysisSettings {
  Ensemble ensemble{};
  double factor = 100;                ///< F > 1: a change by less than this factor either way is stable
  double trainable_depth_factor = 6;  ///< k > 0: networks up to k ξ_c deep can be trained
  GradientScale gradient_scale{};
};

/// How evenly the weights of all layers would learn.
struct WeightGradients {
  double spread;     ///< max_l − min_l of ⟨ln ω_l⟩
  double log_share;  ///< ln of the rms weight gradient over the rms weight, mean over recorded layers; loss
                     ///< scale apart
};

/// Whether a stable weight variance was simulated, or is the critical one that theory gives.
enum class StableSource : std::uint8_t { grid, theory };

template <>
struct Choices<StableSource> {
  static constexpr std::string_view noun = "source of a stable weight variance";
  static constexpr std::array words{std::pair{StableSource::grid, std::string_view("grid")},
                                    std::pair{StableSource::theory, std::string_view("theory")}};
};

struct StableVariance {
  double weight_variance;  ///< as the sweep counts it
  StableSource source;
};

struct PointAnalysis {
  Point point;
  std::int32_t batches_done = 0;
  PointTheory theory;
  std::optional<Direction> forward{};                ///< where measured
  std::optional<Direction> backward{};               ///< where measured
  std::optional<WeightGradients> weight_gradient{};  ///< where measured and a batch is done
  std::optional<Regime> regime{};  ///< of both directions together; none where no batch is done
  std::optional<Cause> cause{};    ///< of the combined regime
  /// ⟨ln q_1⟩, of every batch: the sum of one layer.
  std::optional<MeanEstimate> first_layer{};
  /// ln of the mean of q_1, of every batch.
  std::optional<MeanEstimate> first_layer_of_mean{};
  /// First layers that leave a format, by position in positive_quantities.
  std::array<FormatExits, positive_quantities.size()> exits{};
  /// k ξ_c.
  Reasoned<double> trainable_depth = Reasoned<double>::none("no xi_c");
  std::optional<StableVariance> nearest_stable{};  ///< see nearest_stable.hpp
};

/// The done batches of one point pooled, by position in positive_quantities; nothing where not measured or
/// not done.
using PooledProfiles = std::array<std::optional<PooledProfile>, positive_quantities.size()>;
PooledProfiles pool_profiles(const PointResults& results, std::int32_t replicas_per_batch);

PointAnalysis analyze_point(const PointResults& results, const PooledProfiles& pooled,
                            const PointTheory& theory, const AnalysisSettings& settings);

}  // namespace varprop
