// Which points and layers a report draws, and what it keeps of them.
// Histograms of single networks.

#include <gtest/gtest.h>
#include <cmath>
#include <numeric>
#include <random>

#include "report/data/drawn_profiles.hpp"
#include "tests/analysis/synthetic.hpp"

namespace varprop::report {
using namespace analysis;

namespace {

std::vector<std::int32_t> all_layers(std::int32_t depth) {
  std::vector<std::int32_t> layers(static_cast<std::size_t>(depth));
  std::iota(layers.begin(), layers.end(), 1);
  return layers;
}

Sweep sweep_of(std::size_t weight_variances, std::vector<std::int32_t> depths) {
  Sweep sweep;
  sweep.grid.activation = {Activation::parse("relu")};
  sweep.grid.weights = {WeightDistribution::gaussian};
  for (std::size_t i = 0; i < weight_variances; ++i)
    sweep.grid.weight_variance.emplace_back(1 + 1e-4 * static_cast<double>(i));
  sweep.grid.bias_variance = {BiasVariance(0)};
  sweep.grid.width = {Width(64)};
  for (const std::int32_t L : depths) sweep.grid.depth.emplace_back(L);
  sweep.layers = all_layers(depths.back());
  sweep.replicas = 16;
  sweep.batches = 4;
  return sweep;
}

GridChoice everything(const Sweep& sweep) {
  return {sweep.shape(), static_cast<std::size_t>(sweep.point_count())};
}

TEST(DrawnLayers, AreSharedFairlyByTheDepths) {
  EXPECT_EQ(drawn_layers(all_layers(20), {10, 20}, 64), all_layers(20))
      << "all that are recorded, where they fit";
  const auto layers = drawn_layers(all_layers(256), {16, 64, 256}, 64);
  EXPECT_LE(layers.size(), 64u);
  EXPECT_GE(layers.size(), 50u);
  for (const std::int32_t depth : {16, 64, 256}) {
    const auto within = std::upper_bound(layers.begin(), layers.end(), depth) - layers.begin();
    EXPECT_TRUE(std::binary_search(layers.begin(), layers.end(), depth)) << depth;
    EXPECT_GE(within, 16) << depth;
  }
  EXPECT_EQ(layers.front(), 1);
}

TEST(DrawnLayers, HaveTheEndsOfHoweverManyDepths) {
  std::vector<std::int32_t> depths;
  for (std::int32_t L = 10; L <= 1000; L += 10) depths.push_back(L);
  const auto layers = drawn_layers(all_layers(1000), depths, 64);
  for (const std::int32_t depth : depths)
    EXPECT_TRUE(std::binary_search(layers.begin(), layers.end(), depth));
}

TEST(DrawnProfiles, StayWithinTheirLimit) {
  const Sweep sweep = sweep_of(50'000, {64});
  const DrawnProfiles drawn(sweep, everything(sweep));
  EXPECT_GT(drawn.points().size(), 700u);
  EXPECT_LE(drawn.points().size() * drawn.layers().size() * 18, 900'000u);
  EXPECT_EQ(drawn.points().back().point, sweep.point(PointIndex(49'999)));
}

/// Of two inputs c_l and ln(1 − c_l), of their gradients likewise, with the theory that comes with them.
TEST(DrawnProfiles, HaveTwoInputsWhereTheyWereSimulated) {
  Sweep sweep = sweep_of(1, {2});
  EXPECT_TRUE(overlap_profiles(sweep).empty());
  sweep.measures = {Quantity::correlation};
  ASSERT_EQ(overlap_profiles(sweep).size(), 4u);
  EXPECT_EQ(overlap_profiles(sweep)[3].name, "gradient_correlation_log_distance");
  DrawnProfiles drawn(sweep, everything(sweep));
  PointResults results = synthetic::empty_point("relu", 1, 2);
  results.batches_done = 3;
  PooledProfiles pooled;
  for (std::size_t i = 0; i < 2; ++i) {
    OverlapResults& rows = results.overlaps[i].emplace();
    rows.mean = {0.1, 0.2, 0.1, 0.3, 0.1, 0.4};
    rows.distance.log_mean = {-1, -2, -1, -3, -1, -4};
    pooled.overlaps[i] = PooledOverlap{{0.1, 0.3}, {0.01, 0.04}, {-1, -3}, {0.25, 0.25}, {},
                                       {},         {0.5, 0.6},   {-2, -3}, {-4, -5}};
  }
  drawn.add(PointIndex(0), results, pooled);
  const auto& overlaps = drawn.points()[0].overlaps;
  ASSERT_EQ(overlaps.size(), 4u);
  EXPECT_EQ(overlaps[0].mean, (std::vector<double>{0.1, 0.3}));
  EXPECT_NEAR(overlaps[0].sd[1], 0.2, 1e-15);
  EXPECT_EQ(overlaps[0].theory, (std::vector<double>{0.5, 0.6}));
  EXPECT_TRUE(std::isnan(overlaps[0].theory_n[0]));
  EXPECT_EQ(overlaps[1].mean, (std::vector<double>{-1, -3}));
  EXPECT_NEAR(overlaps[1].high[1], -3 + 4.302653 / std::sqrt(3), 1e-6);
  EXPECT_EQ(overlaps[1].theory_n, (std::vector<double>{-4, -5}));
}

TEST(DrawnProfiles, HaveTheIntervalOfTheBatchesAndTheSpreadOfTheNetworks) {
  const Sweep sweep = sweep_of(3, {4, 6});
  DrawnProfiles drawn(sweep, everything(sweep));
  PointResults results = synthetic::empty_point("relu", 1, 4);
  results.batches_done = 4;
  results.of(Quantity::forward).emplace();
  for (const double mean : {1.0, 2.0, 3.0, 6.0}) {
    for (int l = 1; l <= 4; ++l) {
      results.of(Quantity::forward)->log_mean.push_back(mean * l);
      results.of(Quantity::forward)->log_variance.push_back(0.25);
      results.of(Quantity::forward)->log_of_mean.push_back(mean * l);
      results.of(Quantity::forward)->extinct.push_back(0);
    }
    for (int r = 0; r < 4; ++r) results.of(Quantity::forward)->at_end.push_back(mean);
  }
  drawn.add(PointIndex(2), results, pool_profiles(results, 4));
  const DrawnPoint& point = drawn.points()[2];
  EXPECT_EQ(point.point, sweep.point(PointIndex(2)));
  ASSERT_TRUE(point.profiles[0]);
  EXPECT_FALSE(point.profiles[1]) << "not measured";
  const DrawnProfile& profile = *point.profiles[0];
  ASSERT_EQ(profile.mean.size(), 4u) << "layers up to its depth";
  EXPECT_DOUBLE_EQ(profile.mean[0], 3);
  const double error = std::sqrt((4 + 1 + 0 + 9) / 3.0 / 4.0);
  EXPECT_NEAR(profile.high[0] - profile.low[0], 2 * 3.182446 * error, 1e-5)
      << "Student t of 3 degrees of freedom";
  EXPECT_NEAR(profile.sd[0], std::sqrt((4 * 14 + 12 * 0.25) / 15), 1e-12) << "pooled over all 16 networks";
  EXPECT_EQ(std::reduce(point.forward_last.counts.begin(), point.forward_last.counts.end()), 16);
  EXPECT_FALSE(drawn.points()[0].profiles[0]) << "nothing done";
}

TEST(DrawnProfiles, OfFewerThanThreeBatchesHaveNoInterval) {
  const Sweep sweep = sweep_of(1, {2});
  DrawnProfiles drawn(sweep, everything(sweep));
  PointResults results = synthetic::empty_point("relu", 1, 2);
  results.batches_done = 1;
  results.of(Quantity::forward) = synthetic::with_means_only({{1, 2}, {2}});
  drawn.add(PointIndex(0), results, pool_profiles(results, 4));
  EXPECT_DOUBLE_EQ(drawn.points()[0].profiles[0]->mean[1], 2);
  EXPECT_TRUE(std::isnan(drawn.points()[0].profiles[0]->low[1]));
}

TEST(Histogram, CountsEveryLivingNetworkOnce) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(5, 2);
  std::vector<double> sample;
  for (int i = 0; i < 1000; ++i) sample.push_back(normal(random));
  for (int i = 0; i < 250; ++i) sample.push_back(NAN);
  const Histogram histogram = histogram_of(sample);
  EXPECT_EQ(std::reduce(histogram.counts.begin(), histogram.counts.end()), 1000);
  EXPECT_DOUBLE_EQ(histogram.extinct_share, 0.2);
  EXPECT_NEAR(histogram.mean, 5, 0.3);
  EXPECT_GT(histogram.counts.size(), 10u);
  EXPECT_LE(histogram.counts.size(), 40u);
  // Each count is that of its bin, the last one's upper end included.
  for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    const double low = histogram.low + static_cast<double>(bin) * histogram.bin_width(),
                 high = low + histogram.bin_width();
    const auto within = std::count_if(sample.begin(), sample.end(), [&](double x) {
      return x >= low && (x < high || bin + 1 == histogram.counts.size());
    });
    EXPECT_NEAR(static_cast<double>(within), static_cast<double>(histogram.counts[bin]), 1);
  }
}

TEST(Histogram, OfEqualNumbersIsOneBin) {
  const Histogram histogram = histogram_of(std::vector<double>(7, 3.5));
  EXPECT_EQ(histogram.counts, (std::vector<std::int64_t>{7}));
  EXPECT_DOUBLE_EQ(histogram.low, 3);
  EXPECT_DOUBLE_EQ(histogram.high, 4);
  EXPECT_EQ(histogram_of(std::vector<double>{2.0}).counts, (std::vector<std::int64_t>{1}));
}

TEST(Histogram, OfMostlyEqualNumbersHasAllOfThem) {
  std::vector<double> sample(100, 1.0);
  sample.push_back(9);
  const Histogram histogram = histogram_of(sample);
  EXPECT_EQ(std::reduce(histogram.counts.begin(), histogram.counts.end()), 101);
}

TEST(Histogram, OfNothingIsNull) {
  EXPECT_TRUE(histogram_of({}).json().is_null());
  const Histogram dead = histogram_of(std::vector<double>(4, NAN));
  EXPECT_EQ(dead.extinct_share, 1);
  EXPECT_TRUE(dead.json()["counts"].empty());
  EXPECT_TRUE(dead.json()["mean"].is_null());
}

}  // namespace

}  // namespace varprop::report
