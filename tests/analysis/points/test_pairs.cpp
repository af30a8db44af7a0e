// Two inputs of synthetic networks: the regime of their distance, and their laws.
//
// Coverage: 200 seeded data sets a law; a correct 95 % interval holds the truth 190 ± 3.1 times, and 180 to
// 198 is missed with a probability of 0.5 %. Where there is no law at most 21 of 200 may be called one.
#include "analysis/points/pairs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "analysis/laws/fits.hpp"
#include "tests/analysis/synthetic.hpp"
#include "tests/analysis/synthetic_points.hpp"

namespace varprop::analysis {
namespace {

using namespace synthetic;
using theory::PairCourse;
using theory::PairTheory;

constexpr int data_sets = 200;

TEST(DistanceRegime, FollowsFromTheIntervalOfItsChange) {
  EXPECT_EQ(classify_distance(0, Interval{-9, -5}, 100), DistanceRegime::alike);
  EXPECT_EQ(classify_distance(0, Interval{5, 9}, 100), DistanceRegime::apart);
  EXPECT_EQ(classify_distance(0, Interval{-4, 4}, 100), DistanceRegime::kept);
  EXPECT_EQ(classify_distance(0, Interval{-5, 4}, 100), DistanceRegime::undecided);
  EXPECT_EQ(classify_distance(0, std::nullopt, 100), DistanceRegime::undecided);
  EXPECT_EQ(classify_distance(0.2, Interval{-9, -5}, 100), DistanceRegime::extinct);
}

/// ln(1 − c_l) of 16 batches about a curve, e_l = memory e_{l−1} + step·N(0, 1) their noise.
PointResults pairs_about(const std::function<double(int)>& curve, double step, double memory,
                         std::uint64_t seed, std::int32_t depth = 60) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  PointResults results = empty_point("tanh", 1, depth, 0.05);
  results.batches_done = 16;
  for (auto& overlap : results.overlaps) overlap.emplace();
  OverlapResults& signals = *results.overlaps[0];
  for (int batch = 0; batch < 16; ++batch) {
    double deviation = 0;
    for (int l = 1; l <= depth; ++l) {
      deviation = memory * deviation + step * normal(random);
      signals.distance.log_mean.push_back(curve(l) + deviation);
      signals.mean.push_back(1 - std::exp(signals.distance.log_mean.back()));
    }
  }
  signals.variance = signals.distance.log_variance = std::vector<double>(signals.mean.size(), 0.0);
  signals.extinct = signals.distance.extinct = signals.variance;
  *results.overlaps[1] = signals;
  return results;
}

PairTheory meeting(double rate) {
  PairTheory theory = theory::unknown_pair_theory(theory::Reason::other_networks);
  theory.course = PairCourse::meet;
  theory.c_star = 1.0;
  theory.rate = theory.rate_n = rate;
  theory.xi_c = -1 / rate;
  theory.law_from = 5;
  return theory;
}

PairTheory settling(double c_star, double xi_c) {
  PairTheory theory = theory::unknown_pair_theory(theory::Reason::other_networks);
  theory.course = PairCourse::settle;
  theory.c_star = c_star;
  theory.xi_c = xi_c;
  theory.law_from = 30;
  theory.signal_settled_from = 1;
  theory.near_from = 25;
  return theory;
}

PairAnalysis analyzed(const PointResults& results, PairTheory theory) {
  const PooledOverlap pooled = pool_batches(*results.overlaps[0], results.layers.size(), 4);
  return analyze_pair(results, pooled, std::move(theory), 0.5, 100, 4, std::nullopt);
}

/// The two laws as rows of laws.csv.
std::vector<Law> rows_of(const PointResults& results, PairTheory theory) {
  Sweep sweep = relu_sweep({2}, {64}, {8});
  sweep.measures = {Quantity::correlation};
  Predictions predictions(sweep.network);
  const auto points = points_of(sweep, predictions,
                                [&](PointAnalysis& analysis) { analysis.pair = analyzed(results, theory); });
  return find_laws(PointGrid(sweep, points), predictions);
}

struct Count {
  int holding = 0, covering = 0;
};

Count count(const std::function<Law(std::uint64_t seed)>& law_of, double truth) {
  Count found;
  for (std::uint64_t seed = 1; seed <= data_sets; ++seed) {
    const Law law = law_of(seed);
    if (!law.holds()) continue;
    ++found.holding;
    found.covering += law.interval && law.interval->low <= truth && truth <= law.interval->high;
  }
  return found;
}

void expect_covered(const Count& found) {
  EXPECT_GE(found.holding, 190);
  EXPECT_GE(found.covering, 180);
  EXPECT_LE(found.covering, 199);
}

TEST(CorrelationDepth, CoversTheLengthOfMeetingInputs) {
  expect_covered(count(
      [](std::uint64_t seed) {
        return rows_of(pairs_about([](int l) { return -0.05 * l; }, 0.03, 1, seed), meeting(-0.05)).at(1);
      },
      20));
}

TEST(CorrelationFixedPoint, CoversWhereDistancesSettle) {
  const auto curve = [](int l) { return std::log(0.4) - 1.5 * std::exp(-l / 4.0); };
  expect_covered(count(
      [&](std::uint64_t seed) {
        return rows_of(pairs_about(curve, 0.02, 0.6, seed), settling(0.6, 4)).at(0);
      },
      0.6));
}

TEST(CorrelationDepth, CoversTheLengthOfSettlingInputs) {
  const auto curve = [](int l) { return std::log(0.4) + 0.5 * std::exp(-l / 6.0); };
  expect_covered(count(
      [&](std::uint64_t seed) {
        return rows_of(pairs_about(curve, 0.005, std::exp(-1 / 6.0), seed), settling(0.6, 6)).at(1);
      },
      6));
}

TEST(CorrelationLaws, AreRarelyFoundWhereThereIsNone) {
  const auto found = [](const std::function<double(int)>& curve, double step, double memory,
                        const PairTheory& theory, std::size_t row) {
    return count(
               [&](std::uint64_t seed) {
                 return rows_of(pairs_about(curve, step, memory, seed), theory).at(row);
               },
               0)
        .holding;
  };
  const auto nothing = [](int) { return -1.0; };
  const auto power = [](int l) { return -2 * std::log(l); };
  const auto drift = [](int l) { return -1 + 0.02 * l; };
  EXPECT_LE(found(nothing, 0.1, 1, meeting(-0.05), 0), 21) << "c* of a walk without a direction";
  EXPECT_LE(found(nothing, 0.1, 1, meeting(-0.05), 1), 21) << "ξ_c of it";
  EXPECT_LE(found(power, 0.01, 1, meeting(-0.05), 1), 21) << "ξ_c of a power";
  EXPECT_LE(found(drift, 0.02, 0.6, settling(0.6, 4), 0), 21) << "c* of what goes on";
  EXPECT_LE(found(nothing, 0.02, 0.6, settling(0.6, 4), 1), 21) << "ξ_c where nothing approaches";
}

TEST(CorrelationLaws, TurnRatesIntoLengths) {
  const auto rows = rows_of(pairs_about([](int l) { return -l * 0.5; }, 1e-3, 1, 7), meeting(-0.5));
  ASSERT_EQ(rows.size(), 2u);
  const Law &limit = rows[0], &length = rows[1];
  EXPECT_EQ(limit.law, LawName::correlation_fixed_point);
  EXPECT_EQ(limit.parameter, "c_star");
  EXPECT_EQ(*limit.estimate, 1);
  EXPECT_EQ(limit.interval->high, 1);
  EXPECT_GT(limit.interval->low, 1 - 1e-12);
  EXPECT_EQ(length.parameter, "xi_c");
  EXPECT_NEAR(*length.estimate, 2, 0.01);
  EXPECT_EQ(*length.theory, 2);
  EXPECT_LT(length.interval->low, *length.estimate);
  EXPECT_GT(length.interval->high, *length.estimate);
}

TEST(CorrelationLaws, OfRisingDistancesAreRefused) {
  const auto rows = rows_of(pairs_about([](int l) { return -30 + l * 0.3; }, 1e-3, 1, 7), meeting(-0.5));
  for (const Law& law : rows) {
    EXPECT_EQ(law.refusal, theory::Reason(theory::Reason::distance_rises));
    EXPECT_FALSE(law.estimate || law.interval);
  }
}

TEST(PairAnalysis, OfInputsThatAreOneHasNoDistance) {
  PointResults results = pairs_about([](int l) { return -0.05 * l; }, 0.03, 1, 1);
  const PooledOverlap pooled = pool_batches(*results.overlaps[0], results.layers.size(), 4);
  const PairAnalysis pair = analyze_pair(results, pooled, meeting(-0.05), 1, 100, 4, std::nullopt);
  EXPECT_FALSE(pair.regime || pair.total);
  EXPECT_EQ(pair.depth.parameters.at(0).refusal, theory::Reason(theory::Reason::inputs_are_one));
}

/// A batch of which half of the networks have no cosine weighs half.
TEST(PooledOverlap, WeighsBatchesByTheirNetworks) {
  OverlapResults overlap;
  overlap.mean = {0.2, 0.8};
  overlap.variance = {0.01, 0.01};
  overlap.extinct = {0, 2};
  overlap.distance.log_mean = {-1, -4};
  overlap.distance.log_variance = {0.5, 0.5};
  overlap.distance.extinct = {0, 3};
  const PooledOverlap pooled = pool_batches(overlap, 1, 4);
  EXPECT_NEAR(pooled.mean[0], (4 * 0.2 + 2 * 0.8) / 6, 1e-15);
  EXPECT_NEAR(pooled.log_distance_mean[0], (4 * -1.0 + 1 * -4.0) / 5, 1e-15);
  EXPECT_EQ(pooled.extinct[0], 2);
  EXPECT_EQ(pooled.log_distance_extinct[0], 3);
  overlap.counted = false;
  EXPECT_TRUE(pool_batches(overlap, 1, 4).extinct.empty());
}

}  // namespace
}  // namespace varprop::analysis
