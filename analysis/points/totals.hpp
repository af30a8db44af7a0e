// What is said of a number ≥ 0 of whole networks, such as a sum over all layers, by its logarithm in every
// one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "analysis/statistics/estimate.hpp"
#include "theory/reason.hpp"

namespace varprop::analysis {

/// Moments of X over networks.
struct TotalMoments {
  std::optional<Estimate> log_mean;     ///< ⟨ln X⟩ over networks with X > 0; none without one
  std::optional<Estimate> log_of_mean;  ///< ln of the mean of X over all networks
  /// ln of E X²/(E X)² over all networks. X is heavy-tailed: none where the mean of X² has a relative error
  /// above 0.1, that of a log-normal number, √((e^{4v} − 1)/T) with v = Var ln X.
  theory::ValueOrReason<Estimate> log_ratio;
};

/// Of `logarithms` ln X, row-major (batch, replica), NaN where X = 0. Errors by the jackknife over batches,
/// which also takes the bias of order 1/T away (Quenouille 1956, Tukey 1958); they are never less than what
/// rounding leaves after so many layers.
TotalMoments moments_of_total(std::span<const double> logarithms, std::int32_t batches, std::int32_t layers);

}  // namespace varprop::analysis
