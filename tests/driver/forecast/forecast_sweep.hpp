// A sweep for forecasts, whose costs are easily made equal or far apart.
#pragma once

#include "core/sweep/sweep.hpp"

namespace varprop::driver {

/// tanh and ReLU; 8 weight variances times the widths times the depths, `batches` units each.
inline Sweep forecast_sweep(std::vector<Width> widths, std::vector<Depth> depths, std::int64_t replicas,
                            std::int32_t batches) {
  Sweep sweep;
  sweep.grid.activation = {Activation::parse("tanh"), Activation::parse("relu")};
  sweep.grid.weights = {WeightDistribution::gaussian};
  for (int i = 1; i <= 8; ++i) sweep.grid.weight_variance.emplace_back(i);
  sweep.grid.bias_variance = {BiasVariance(0)};
  sweep.grid.width = std::move(widths);
  sweep.grid.depth = std::move(depths);
  sweep.replicas = replicas;
  sweep.batches = batches;
  sweep.layers = recorded_layers(sweep.grid.depth, 16);
  return sweep;
}

}  // namespace varprop::driver
