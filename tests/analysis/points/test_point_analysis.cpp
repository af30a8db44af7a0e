// Rates, totals and regimes of points whose truth is known, and the coverage of their intervals.
#include "analysis/points/point_analysis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/points/predictions.hpp"
#include "tests/analysis/synthetic.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

using synthetic::Walk;

PointAnalysis analyze_here(const PointResults& results) {
  const AnalysisSettings settings;
  Predictions predict(settings.network);
  const std::int32_t replicas = results.batches_done > 0 ? 8 : 0;
  return analyze_point(results, pool_profiles(results, replicas), predict(results.point), settings);
}

/// Both directions of one point as walks.
PointResults walking_point(const std::string& activation, double weight_variance, std::int32_t depth,
                           Walk forward, Walk backward, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  PointResults results = synthetic::empty_point(activation, weight_variance, depth);
  results.batches_done = forward.batches;
  results.of(Quantity::forward) = synthetic::walk(forward, depth, Quantity::forward, random);
  results.of(Quantity::backward) = synthetic::walk(backward, depth, Quantity::backward, random);
  return results;
}

TEST(AnalyzePoint, FindsAnExactExponential) {
  const double rate = std::log(0.9);
  const auto analysis = analyze_here(walking_point("relu", 1.8, 64, {.drift = rate}, {.drift = rate}));
  EXPECT_NEAR(analysis.forward->rate->value, rate, 1e-12);
  EXPECT_NEAR(*analysis.forward->rate->error, 0, 1e-12);
  EXPECT_NEAR(analysis.backward->rate->value, rate, 1e-12);
  EXPECT_NEAR(*analysis.theory.backward_rate, rate, 1e-12);
  EXPECT_NEAR(analysis.forward->total->value, 64 * rate, 1e-11);
  EXPECT_NEAR(analysis.backward->total->value, 63 * rate, 1e-11);
  EXPECT_EQ(analysis.forward->regime, Regime::vanishing);
  EXPECT_EQ(analysis.regime, Regime::vanishing);
}

TEST(AnalyzePoint, CountsGrowthAlongTravelAsPositive) {
  const auto analysis = analyze_here(walking_point("relu", 2, 64, {.drift = 0}, {.drift = 0.2}));
  EXPECT_NEAR(analysis.backward->rate->value, 0.2, 1e-12);
  EXPECT_EQ(analysis.forward->regime, Regime::stable);
  EXPECT_EQ(analysis.backward->regime, Regime::exploding);
  EXPECT_EQ(analysis.regime, Regime::exploding);
}

TEST(AnalyzePoint, CallsPointsErraticWhereSingleNetworksStray) {
  const Walk straying{.drift = 0, .spread = 0.5, .batches = 16, .replicas = 64};
  const auto analysis =
      analyze_here(walking_point("relu", 2, 256, straying, {.batches = 16, .replicas = 64}));
  EXPECT_EQ(analysis.forward->regime, Regime::erratic);  // √256 · 0.5 = 8 against ln 100 = 4.6
  EXPECT_EQ(analysis.regime, Regime::erratic);
}

TEST(AnalyzePoint, UsesLeastSquaresWhereTheForwardVarianceIsHeld) {
  // tanh at a fixed point: an outlier at the last layer pulls the end points, not the least squares.
  PointResults results = synthetic::empty_point("tanh", 1.5, 64, 0.05);
  results.batches_done = 1;
  results.of(Quantity::forward) =
      synthetic::with_means_only({std::vector<double>(64, -1.0), {-1.0, -1.0, -1.0}});
  results.of(Quantity::forward)->log_mean.back() = 0;
  EXPECT_LT(analyze_here(results).forward->rate->value, 0.5 / 53);
  // tanh that dies out: nothing holds it, the end points are the estimate.
  PointResults dying = synthetic::empty_point("tanh", 0.5, 64);
  dying.batches_done = 1;
  dying.of(Quantity::forward) = results.of(Quantity::forward);
  EXPECT_NEAR(analyze_here(dying).forward->rate->value, 1.0 / (64 - 10),
              1e-12);  // onset 4, and 4 ξ_q = 5.8 more
}

TEST(AnalyzePoint, LeavesOutTheEndsOfTheNetwork) {
  // Layers within 6 ξ_q = 10.1 of the ends are wild.
  PointResults results = synthetic::empty_point("tanh", 1.5, 64, 0.05);
  results.batches_done = 1;
  results.of(Quantity::backward) = synthetic::with_means_only({std::vector<double>(64), {-6.3, -6.3, -6.3}});
  for (std::int32_t l = 1; l <= 64; ++l) {
    results.of(Quantity::backward)->log_mean[static_cast<std::size_t>(l - 1)] =
        l < 11 || l > 53 ? 1000.0 * l : 0.1 * l;
  }
  EXPECT_NEAR(analyze_here(results).backward->rate->value, -0.1, 1e-12);
}

TEST(AnalyzePoint, SaysWhyThereIsNoRate) {
  const auto critical = analyze_here(walking_point("tanh", 1, 64, {}, {}));
  EXPECT_FALSE(critical.forward->rate);
  EXPECT_NE(critical.forward->rate.why().find("infinite: chi_q = 1"), std::string::npos);
  const auto shallow = analyze_here(walking_point("relu", 2, 7, {}, {}));
  EXPECT_FALSE(shallow.backward->rate);
  EXPECT_TRUE(shallow.backward->total);
}

TEST(AnalyzePoint, OfASingleBatchHasNoErrors) {
  const Walk walk{.drift = 0.1, .spread = 0.1, .batches = 1, .replicas = 16};
  const auto analysis = analyze_here(walking_point("relu", 2, 32, walk, walk));
  EXPECT_TRUE(analysis.forward->rate);
  EXPECT_FALSE(analysis.forward->rate->error);
  EXPECT_TRUE(analysis.regime);
}

TEST(AnalyzePoint, WithoutBatchesHasTheoryOnly) {
  PointResults results = synthetic::empty_point("relu", 2, 32);
  results.of(Quantity::forward).emplace();
  results.of(Quantity::backward).emplace();
  const auto analysis = analyze_here(results);
  EXPECT_EQ(*analysis.theory.backward_rate, 0);
  EXPECT_FALSE(analysis.forward->rate);
  EXPECT_FALSE(analysis.forward->total);
  EXPECT_FALSE(analysis.regime);
}

TEST(AnalyzePoint, OfOneDirectionTakesItsRegimeFromIt) {
  PointResults results = walking_point("relu", 2, 32, {.drift = -1}, {});
  results.of(Quantity::backward).reset();
  const auto analysis = analyze_here(results);
  EXPECT_FALSE(analysis.backward);
  EXPECT_EQ(analysis.regime, Regime::vanishing);
}

TEST(AnalyzePoint, NamesExtinctPoints) {
  PointResults results =
      walking_point("relu", 2, 32, {.batches = 2, .replicas = 10}, {.batches = 2, .replicas = 10});
  results.of(Quantity::forward)->at_end[0] = results.of(Quantity::forward)->at_end[1] = NAN;
  EXPECT_EQ(analyze_here(results).regime, Regime::stable);
  results.of(Quantity::forward)->at_end[2] = NAN;
  EXPECT_EQ(analyze_here(results).regime, Regime::extinct);
  EXPECT_DOUBLE_EQ(analyze_here(results).forward->extinct_share, 0.15);
}

// 95 % intervals over 400 seeded data sets: Bin(400, 0.95) has mean 380 and sd 4.36; outside 362…395 with
// probability below 2e-4 a quantity.
TEST(AnalyzePoint, CoversTheTruthAsOftenAsItSays) {
  constexpr double drift = 0.03;
  const Walk walk{.drift = drift, .spread = 0.4, .batches = 8, .replicas = 8};
  int forward_rate = 0, backward_rate = 0, total = 0;
  const auto covers = [](const Estimate& estimate, double truth) {
    const auto interval = confidence_interval(estimate);
    return interval->low <= truth && truth <= interval->high;
  };
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto analysis = analyze_here(walking_point("relu", 2, 32, walk, walk, seed));
    forward_rate += covers(*analysis.forward->rate, drift);
    backward_rate += covers(*analysis.backward->rate, drift);
    total += covers(*analysis.forward->total, 32 * drift);
  }
  for (const int count : {forward_rate, backward_rate, total}) {
    EXPECT_GE(count, 362);
    EXPECT_LE(count, 395);
  }
}

TEST(AnalyzePoint, MeasuresARandomWalkBetterByItsEndPoints) {
  // The reason for the choice of method: at B·R = 64 walks of 64 steps the error is spread/√(64·63).
  const Walk walk{.drift = 0, .spread = 1, .batches = 64, .replicas = 1};
  double squares = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto analysis = analyze_here(walking_point("relu", 2, 64, walk, walk, seed));
    squares += analysis.forward->rate->value * analysis.forward->rate->value / 200;
  }
  // χ²_200/200 lies within 1 ± 0.4 with probability 0.9999; least squares would give 1.2.
  EXPECT_NEAR(squares * 64 * 63, 1, 0.4);
}

TEST(MeasureDirection, OfSignalsBeyondEveryLogarithmIsExploding) {
  const std::vector<double> at_end{HUGE_VAL, 3, HUGE_VAL, -2};
  const Direction direction = measure_direction(at_end, 2, 0, 100, theory::Reason::grows_ever_faster);
  EXPECT_EQ(direction.regime, Regime::exploding);
  EXPECT_EQ(direction.total->value, HUGE_VAL);
  EXPECT_EQ(direction.share_in_range, 0.5);
}

}  // namespace
}  // namespace varprop::analysis
