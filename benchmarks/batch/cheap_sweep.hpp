// Sweeps whose units cost next to nothing, so that what is left is what the batch system costs.
#pragma once

#include <cstdint>

#include "core/sweep/record.hpp"

namespace varprop::benchmarks {

inline constexpr std::int32_t depth_of_cheap_networks = 64, batches_of_cheap_points = 16;

/// `points` points of 16 batches, with rows of 64 layers.
inline Sweep cheap_sweep(std::int64_t points) {
  Sweep sweep;
  sweep.grid = {
      {Activation::parse("relu")},     {WeightDistribution::gaussian}, {}, {BiasVariance(0)}, {Width(64)},
      {Depth(depth_of_cheap_networks)}};
  for (std::int64_t i = 1; i <= points; ++i) {
    sweep.grid.weight_variance.push_back(
        WeightVariance(4 * static_cast<double>(i) / static_cast<double>(points)));
  }
  sweep.replicas = batches_of_cheap_points;
  sweep.batches = batches_of_cheap_points;
  sweep.layers = recorded_layers(sweep.grid.depth, depth_of_cheap_networks);
  return sweep;
}

/// A done record without rows, as a worker would have returned it after a microsecond.
inline Record empty_record(Unit unit) {
  return {unit, UnitState::done, 1e-6, "", {}};
}

/// The same with whole rows.
inline Record full_record(const RecordLayout& layout, Unit unit) {
  Record record = empty_record(unit);
  record.values.assign(static_cast<std::size_t>(layout.size()), 1.0);
  return record;
}

}  // namespace varprop::benchmarks
