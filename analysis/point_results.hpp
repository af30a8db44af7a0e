// The done batches of one point, as the results file holds them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/point/point.hpp"

namespace varprop {

/// One quantity's rows, done batches only, in batch order.
struct QuantityResults {
  /// ⟨ln X_l⟩ over each batch's non-extinct replicas: row-major (batch, layer of PointResults::layers); NaN
  /// where none.
  std::vector<double> log_mean;
  /// ln X of every replica where the quantity has travelled through the whole network, ln q_L or ln g_1:
  /// row-major (batch, replica); NaN where extinct.
  std::vector<double> at_end;
};

struct PointResults {
  Point point;
  std::int32_t batches_done = 0;
  std::vector<std::int32_t> layers{};         ///< recorded layers up to the point's depth, ascending
  std::optional<QuantityResults> forward{};   ///< where measured
  std::optional<QuantityResults> backward{};  ///< where measured
};

/// ⟨ln X_l⟩ of one batch over PointResults::layers.
std::span<const double> profile(const PointResults& results, const QuantityResults& quantity,
                                std::int32_t batch);

}  // namespace varprop
