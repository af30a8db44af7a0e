// Results of one point whose truth is known.
#pragma once

#include <cmath>
#include <numeric>
#include <random>

#include "analysis/results/point_results.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::synthetic {
using namespace analysis;

/// A point of the given activation and σ_w², no bias unless said, all layers recorded, nothing measured yet.
inline PointResults empty_point(const std::string& activation, double weight_variance, std::int32_t depth,
                                double bias_variance = 0) {
  PointResults results{.point = {Activation::parse(activation), WeightDistribution::gaussian,
                                 WeightVariance(weight_variance), BiasVariance(bias_variance), Width(64),
                                 Depth(depth)}};
  results.layers.resize(static_cast<std::size_t>(depth));
  std::iota(results.layers.begin(), results.layers.end(), 1);
  return results;
}

/// Results of which only ⟨ln X_l⟩ matters: every network of a batch alike, none extinct.
inline QuantityResults with_means_only(QuantityResults results) {
  results.log_variance.assign(results.log_mean.size(), 0.0);
  results.log_of_mean = results.log_mean;
  results.extinct.assign(results.log_mean.size(), 0.0);
  return results;
}

/// How every network of a synthetic point behaves: independent Gaussian steps of ln X along travel.
struct Walk {
  double drift = 0;   ///< mean step per layer
  double spread = 0;  ///< standard deviation of a step
  std::int32_t batches = 8;
  std::int32_t replicas = 8;  ///< per batch
};

/// ln X of `replicas` networks over L layers, from `start` on: the mean profile, and every network's last
/// value. Steps go up from layer 0 for q (its first layer is one step away from the input), down from layer L
/// for g.
inline QuantityResults walk(const Walk& walk, std::int32_t depth, Quantity quantity,
                            std::mt19937_64& random) {
  std::normal_distribution<double> step(walk.drift, walk.spread);
  QuantityResults results;
  const bool up = quantity == Quantity::forward;
  for (std::int32_t batch = 0; batch < walk.batches; ++batch) {
    std::vector<double> mean(static_cast<std::size_t>(depth), 0.0);
    for (std::int32_t replica = 0; replica < walk.replicas; ++replica) {
      double value = 0;
      for (std::int32_t i = 0; i < depth; ++i) {
        if (up || i > 0) value += walk.spread > 0 ? step(random) : walk.drift;
        mean[static_cast<std::size_t>(up ? i : depth - 1 - i)] += value / walk.replicas;
      }
      results.at_end.push_back(value);
    }
    results.log_mean.insert(results.log_mean.end(), mean.begin(), mean.end());
  }
  return with_means_only(std::move(results));
}

}  // namespace varprop::synthetic
