// Slopes of profiles, and their mean over batches.
#include "analysis/rates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "synthetic.hpp"

namespace varprop {
namespace {

const std::vector<std::int32_t> layers{1, 2, 4, 8};

TEST(Slope, OfALineIsTheSameEitherWay) {
  const std::vector<double> line{-3, -2.5, -1.5, 0.5};
  for (const auto method : {SlopeMethod::end_points, SlopeMethod::least_squares}) {
    EXPECT_DOUBLE_EQ(slope(layers, line, {0, 3}, method), 0.5);
    EXPECT_DOUBLE_EQ(slope(layers, line, {1, 2}, method), 0.5);
  }
}

TEST(Slope, SeesOnlyTheEndsOrAllLayers) {
  const std::vector<double> bent{0, 10, 10, 7};
  EXPECT_DOUBLE_EQ(slope(layers, bent, {0, 3}, SlopeMethod::end_points), 1);
  // Σ(l − 3.75)(y − 6.75)/Σ(l − 3.75)² = 14.75/28.75
  EXPECT_NEAR(slope(layers, bent, {0, 3}, SlopeMethod::least_squares), 14.75 / 28.75, 1e-12);
}

TEST(MeanSlope, AveragesBatchesAndTheirScatterIsItsError) {
  PointResults results = synthetic::empty_point("relu", 2, 3);
  results.batches_done = 3;
  results.forward = QuantityResults{{0, 1, 2, 0, 2, 4, 0, 3, 6}, {2, 4, 6}};
  const auto estimate = mean_slope(results, *results.forward, {0, 2}, SlopeMethod::end_points);
  EXPECT_DOUBLE_EQ(estimate->mean, 2);
  EXPECT_DOUBLE_EQ(*estimate->error, 1 / std::sqrt(3.0));
}

TEST(MeanSlope, LeavesOutBatchesThatAreExtinct) {
  PointResults results = synthetic::empty_point("relu", 2, 3);
  results.batches_done = 2;
  results.forward = QuantityResults{{0, 1, NAN, 0, 2, 4}, {NAN, 4}};
  const auto estimate = mean_slope(results, *results.forward, {0, 2}, SlopeMethod::end_points);
  EXPECT_EQ(estimate->count, 1);
  EXPECT_DOUBLE_EQ(estimate->mean, 2);
  results.forward->log_mean.assign(6, NAN);
  EXPECT_FALSE(mean_slope(results, *results.forward, {0, 2}, SlopeMethod::least_squares));
}

}  // namespace
}  // namespace varprop
