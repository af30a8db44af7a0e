// Everything that analysis says of one point.
#pragma once

#include <array>
#include <optional>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/depth_laws/stream_laws.hpp"
#include "analysis/points/number_formats.hpp"
#include "analysis/points/pairs.hpp"
#include "analysis/points/regimes.hpp"
#include "analysis/points/totals.hpp"
#include "analysis/results/point_results.hpp"
#include "analysis/results/rates.hpp"
#include "theory/networks/point_theory.hpp"
#include "theory/networks/tangent_kernel.hpp"

namespace varprop::analysis {

/// Results of one direction; positive numbers grow along travel.
struct Direction {
  theory::ValueOrReason<Estimate> rate;  ///< ln change per layer over the window
  std::optional<Estimate> total;  ///< Λ: ln change over the whole depth; none where every network is extinct
  double extinct_share;           ///< of networks
  std::optional<Regime> regime;   ///< none where no batch is done
  double share_in_range = 0;      ///< p_in: networks with |ln change| < ln F, of all networks
  /// Variance over networks of the ln change: mean over batches of their unbiased variances, so that it has
  /// an error; none where no batch has two living networks.
  std::optional<Estimate> variance{};
  std::optional<DepthLaw> law{};  ///< none where no batch is done
};

/// Λ, its spread and the regime from the replicas' values at the end of travel, row-major (batch, replica);
/// `log_start` = ⟨ln X⟩ where it starts. `rate` as measured, turned so that it is positive where X grows
/// along travel.
Direction measure_direction(std::span<const double> at_end, std::int32_t batches, double log_start,
                            double factor, theory::ValueOrReason<Estimate> rate);

/// What the analysis of a point depends on besides its results.
struct AnalysisSettings {
  NetworkSettings network{};
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

/// Whether what was stable was simulated, or is what theory gives.
enum class StableSource : std::uint8_t { grid, theory };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::StableSource> {
  static constexpr std::string_view noun = "source of advice";
  static constexpr std::array words{std::pair{analysis::StableSource::grid, std::string_view("grid")},
                                    std::pair{analysis::StableSource::theory, std::string_view("theory")}};
};

namespace varprop::analysis {

struct StableValue {
  double value;
  StableSource source;
};

/// The matrix whose gradient, a weight, is the smallest of all matrices and layers.
struct WeakestMatrix {
  MatrixRole role;
  std::int32_t layer;
  double log_ratio;  ///< ln of its rms gradient a weight over that of the strongest; −∞ where it is dead
};

struct PointAnalysis {
  Point point;
  std::int32_t batches_done = 0;
  theory::PointTheory theory;
  std::optional<Direction> forward{};                ///< where measured
  std::optional<Direction> backward{};               ///< where measured
  std::optional<WeightGradients> weight_gradient{};  ///< where measured and a batch is done
  double share_astray = 0;  ///< of living networks, beyond a barrier of the signal's course; as theory has it
                            ///< where the signal was not measured
  std::optional<WeakestMatrix> weakest_matrix{};  ///< where each was measured
  std::optional<Regime> regime{};  ///< of both directions together; none where no batch is done
  std::optional<Cause> cause{};    ///< of the combined regime
  /// ⟨ln q_1⟩, of every batch: the sum of one layer.
  std::optional<Estimate> first_layer{};
  /// ln of the mean of q_1 over all networks.
  std::optional<Estimate> first_layer_of_mean{};
  /// First layers that leave a format, by position in positive_quantities.
  std::array<FormatExits, positive_quantities.size()> exits{};
  /// Numbers of whole networks, by position in all_totals; where measured and a batch is done.
  std::array<std::optional<TotalMoments>, all_totals.size()> totals{};
  std::optional<theory::TangentKernelTheory> tangent_kernel{};  ///< where it was measured
  std::optional<PairAnalysis> pair{};                           ///< of two inputs, where they were simulated
  std::optional<StreamLaws> stream{};                           ///< where there is one and a batch is done
  /// Largest over layers, where activations were measured beside the signal.
  std::optional<double> largest_saturated_share{}, largest_dead_share{};
  /// k ξ_c.
  theory::ValueOrReason<double> trainable_depth = theory::Reason::no_batch;
  /// What to change the weight variance to, as the sweep counts it; and of a stream the branch scale
  /// (advice.hpp).
  std::optional<StableValue> nearest_stable{}, stable_branch_scale{};
  std::optional<double> stable_bias_variance{};  ///< with which it is
  std::optional<double> stable_width{};          ///< from which it would be stable
  std::optional<double> stable_depth{};          ///< up to which it is or would be
};

/// The done batches of one point pooled; nothing where not measured or not done.
struct PooledProfiles {
  std::array<std::optional<PooledProfile>, positive_quantities.size()> positive{};  ///< by position in them
  std::array<std::optional<PooledOverlap>, all_overlaps.size()> overlaps{};         ///< likewise

  ByRole<std::optional<PooledProfile>> groups{};  ///< of matrices

  std::optional<PooledProfile>& operator[](std::size_t quantity) { return positive[quantity]; }
  const std::optional<PooledProfile>& operator[](std::size_t quantity) const { return positive[quantity]; }
};
PooledProfiles pool_profiles(const PointResults& results, std::int32_t replicas_per_batch);

PointAnalysis analyze_point(const PointResults& results, const PooledProfiles& pooled,
                            const theory::PointTheory& theory, const AnalysisSettings& settings);

}  // namespace varprop::analysis
