// The done batches of one point, as the results file holds them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/point/point.hpp"
#include "core/record/quantity.hpp"

namespace varprop {

/// One quantity's rows, done batches only, in batch order. But for `at_end` row-major (batch, layer of
/// PointResults::layers), as the file's datasets X_log_mean, X_log_variance, X_log_of_mean and X_extinct.
struct QuantityResults {
  /// ⟨ln X_l⟩ over each batch's non-extinct replicas; NaN where none.
  std::vector<double> log_mean;
  /// ln X of every replica where the quantity has travelled through the whole network, ln q_L or ln g_1:
  /// row-major (batch, replica); NaN where extinct. Empty for weight gradients, which do not travel.
  std::vector<double> at_end;
  std::vector<double> log_variance{};  ///< of ln X_l over the same replicas; NaN below two
  std::vector<double> log_of_mean{};   ///< ln of the mean of X_l over all replicas; NaN where all are extinct
  std::vector<double> extinct{};       ///< replicas with X_l = 0
};

struct PointResults {
  Point point;
  std::int32_t batches_done = 0;
  std::vector<std::int32_t> layers{};                ///< recorded layers up to the point's depth, ascending
  std::optional<QuantityResults> forward{};          ///< where measured
  std::optional<QuantityResults> backward{};         ///< where measured
  std::optional<QuantityResults> weight_gradient{};  ///< where measured
};

/// Where a positive quantity stands.
std::optional<QuantityResults> PointResults::*results_of(Quantity quantity);

/// ⟨ln X_l⟩ of one batch over PointResults::layers.
std::span<const double> profile(const PointResults& results, const QuantityResults& quantity,
                                std::int32_t batch);

}  // namespace varprop
