// What was measured of one quantity through the depth of one point's networks: q going up, or g going down.
#pragma once

#include "analysis/depth_law.hpp"
#include "analysis/point_results.hpp"
#include "analysis/rates.hpp"
#include "analysis/regimes.hpp"

namespace varprop {

/// Results of one direction; positive numbers grow along travel.
struct Direction {
  Reasoned<MeanEstimate> rate;  ///< ln change per layer over the window
  std::optional<MeanEstimate>
      total;                     ///< Λ: ln change over the whole depth; none where every network is extinct
  double extinct_share;          ///< of networks
  std::optional<Regime> regime;  ///< none where no batch is done
  double share_in_range = 0;     ///< p_in: networks with |ln change| < ln F, of all networks
  /// Variance over networks of the ln change: mean over batches of their unbiased variances, so that it has
  /// an error; none where no batch has two living networks.
  std::optional<MeanEstimate> variance{};
  std::optional<DepthLaw> law{};  ///< none where no batch is done
};

/// Λ, its spread and the regime from the replicas' values at the end of travel, row-major (batch, replica);
/// `log_start` = ⟨ln X⟩ where it starts. `rate` as measured, turned so that it is positive where X grows
/// along travel.
Direction measure_direction(std::span<const double> at_end, std::int32_t batches, double log_start,
                            double factor, Reasoned<MeanEstimate> rate);

}  // namespace varprop
