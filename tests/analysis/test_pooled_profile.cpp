// Batches pooled are the networks of all batches in one.
//
// Seen red: with batches weighed alike whatever their living networks, with extinct networks left out of the
// mean.
#include "analysis/pooled_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/statistics/log_moments.hpp"
#include "synthetic.hpp"

namespace varprop {
namespace {

LogMoments moments_of(std::initializer_list<double> values) {
  LogMoments moments;
  for (const double x : values) moments.add(Magnitude::from(x));
  return moments;
}

void append(QuantityResults& results, const LogMoments& moments) {
  results.log_mean.push_back(moments.log_mean());
  results.log_variance.push_back(moments.log_variance());
  results.log_of_mean.push_back(moments.log_of_mean());
  results.extinct.push_back(static_cast<double>(moments.extinct()));
}

TEST(PoolBatches, IsAsIfAllNetworksWereOneBatch) {
  PointResults results = synthetic::empty_point("relu", 2, 1);
  results.batches_done = 4;
  results.forward.emplace();
  LogMoments all;
  for (const LogMoments& batch : {moments_of({1, 5, 0.25}), moments_of({7, 0, 0}), moments_of({0, 0, 0}),
                                  moments_of({2e-300, 3e300, 0})}) {
    append(*results.forward, batch);
    all.merge(batch);
  }
  const PooledProfile pooled = pool_batches(results, *results.forward, 3);
  EXPECT_NEAR(pooled.log_mean[0], all.log_mean(), 1e-12);
  EXPECT_NEAR(pooled.log_variance[0], all.log_variance(), 1e-9);
  EXPECT_NEAR(pooled.log_of_mean[0], all.log_of_mean(), 1e-12);
  EXPECT_EQ(pooled.extinct[0], 6);
}

TEST(PoolBatches, HasNothingToSayOfTheExtinct) {
  PointResults results = synthetic::empty_point("relu", 2, 1);
  results.batches_done = 1;
  results.forward.emplace();
  append(*results.forward, moments_of({0, 0}));
  const PooledProfile pooled = pool_batches(results, *results.forward, 2);
  EXPECT_TRUE(std::isnan(pooled.log_mean[0]));
  EXPECT_TRUE(std::isnan(pooled.log_of_mean[0]));
  EXPECT_EQ(pooled.extinct[0], 2);
}

TEST(ReliableMean, NeedsMoreNetworksThanTheSpreadAllows) {
  EXPECT_TRUE(reliable_mean(0.5, 256));  // √(0.6487/256) = 0.050
  EXPECT_FALSE(reliable_mean(4, 256));   // √(53.6/256) = 0.46
  EXPECT_FALSE(reliable_mean(NAN, 256));
}

}  // namespace
}  // namespace varprop
