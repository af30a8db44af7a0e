// Analyzed points of a sweep whose truth is known: rates, variances and first layers as so many batches would
// give them.
#pragma once

#include <functional>
#include <random>
#include <vector>

#include "analysis/points/point_grid.hpp"
#include "analysis/points/predictions.hpp"
#include "analysis/statistics/estimate.hpp"

namespace varprop::synthetic {
using namespace theory;
using namespace analysis;

/// The mean of `batches` normal numbers about a truth, and its error.
inline Estimate batch_mean(double truth, double spread, int batches, std::mt19937_64& random) {
  std::normal_distribution<double> normal(truth, spread);
  std::vector<double> values;
  for (int i = 0; i < batches; ++i) values.push_back(normal(random));
  return *mean_of(values);
}

/// A sweep of ReLU networks.
inline Sweep relu_sweep(std::vector<double> weight_variances, std::vector<std::int64_t> widths,
                        std::vector<std::int32_t> depths) {
  Sweep sweep;
  sweep.grid.activation = {Activation::parse("relu")};
  sweep.grid.weights = {WeightDistribution::gaussian};
  sweep.grid.bias_variance = {BiasVariance(0)};
  for (const double x : weight_variances) sweep.grid.weight_variance.emplace_back(x);
  for (const std::int64_t n : widths) sweep.grid.width.emplace_back(n);
  for (const std::int32_t L : depths) sweep.grid.depth.emplace_back(L);
  return sweep;
}

/// All points of a sweep with their theory, and a measured gradient that `measure` fills.
inline std::vector<PointAnalysis> points_of(const Sweep& sweep, Predictions& predictions,
                                            const std::function<void(PointAnalysis&)>& measure) {
  std::vector<PointAnalysis> points;
  for (std::int64_t p = 0; p < sweep.point_count(); ++p) {
    const Point point = sweep.point(PointIndex(p));
    PointAnalysis analysis{.point = point, .batches_done = 8, .theory = predictions(point)};
    analysis.backward = Direction{ValueOrReason<Estimate>(Reason::no_batch), {}, 0, {}};
    measure(analysis);
    points.push_back(std::move(analysis));
  }
  return points;
}

}  // namespace varprop::synthetic
