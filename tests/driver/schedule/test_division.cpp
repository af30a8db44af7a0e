// Units dealt to shards, replicas to batches, samples taken. Seen red: a batch of every piece left to nobody;
// largest_seconds_ not lowered (empty shards); the least loaded shard replaced by the next in turn; shares
// rounded down, and without the upper bound on a share.
#include "driver/schedule/division.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/errors.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {
namespace {

/// Costs of units span a factor of 10⁶.
Sweep wide_sweep() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("relu")},    {WeightDistribution::gaussian},
                {WeightVariance(1), WeightVariance(2), WeightVariance(3)}, {BiasVariance(0)},
                {Width(8), Width(64), Width(1000), Width(30000)},          {Depth(4), Depth(50), Depth(700)}};
  sweep.replicas = 64;
  sweep.batches = 16;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

double cost(const Sweep& sweep, const HeldUnits& units) {
  double seconds = 0;
  for (std::int64_t i = 0; i < units.count(); ++i) {
    seconds += predicted_seconds(sweep, sweep.point(sweep.unit(units.slot(i)).point));
  }
  return seconds;
}

TEST(ShardDeal, GivesEveryUnitToExactlyOneShardAndEveryShardSome) {
  const Sweep sweep = wide_sweep();
  const auto all = static_cast<std::int32_t>(sweep.unit_count());
  for (const std::int32_t count : {1, 2, 3, 7, 64, 1000, all - 1, all}) {
    std::set<std::int64_t> slots;
    std::int64_t dealt = 0;
    for (std::int32_t number = 1; number <= count; ++number) {
      const HeldUnits units = deal_shard(sweep, {number, count});
      EXPECT_EQ(units.shard(), (Shard{number, count}));
      EXPECT_GE(units.count(), 1) << number << " of " << count;
      dealt += units.count();
      for (std::int64_t i = 0; i < units.count(); ++i) slots.insert(units.slot(i));
    }
    EXPECT_EQ(dealt, sweep.unit_count());
    EXPECT_EQ(static_cast<std::int64_t>(slots.size()), sweep.unit_count());
  }
}

TEST(ShardDeal, BalancesTheCost) {
  const Sweep sweep = wide_sweep();
  double most_expensive = 0;
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    most_expensive = std::max(most_expensive, predicted_seconds(sweep, sweep.point(PointIndex(i))));
  }
  const double total = cost(sweep, HeldUnits(sweep));
  for (const std::int32_t count : {2, 5, 16, 100}) {
    for (std::int32_t number = 1; number <= count; ++number) {
      const double share = cost(sweep, deal_shard(sweep, {number, count}));
      EXPECT_LE(share, total / count + std::max(most_expensive, 0.01 * total / count))
          << number << " of " << count;
      if (count <= 5) {
        EXPECT_NEAR(share, total / count, 0.02 * total / count);
      }
    }
  }
}

TEST(ShardDeal, KeepsTheBatchesOfCheapPointsTogether) {
  const Sweep sweep = wide_sweep();
  const HeldUnits units = deal_shard(sweep, {2, 4});
  std::int64_t runs = 1;
  for (std::int64_t i = 1; i < units.count(); ++i) runs += units.slot(i) != units.slot(i - 1) + 1 ? 1 : 0;
  EXPECT_LT(runs, units.count() / 4);
}

TEST(ShardDeal, IsTheSameEveryTime) {
  const Sweep sweep = wide_sweep();
  const HeldUnits first = deal_shard(sweep, {3, 8}), second = deal_shard(sweep, {3, 8});
  ASSERT_EQ(first.count(), second.count());
  for (std::int64_t i = 0; i < first.count(); ++i) EXPECT_EQ(first.slot(i), second.slot(i));
}

TEST(ShardDeal, RefusesMoreShardsThanUnits) {
  const Sweep sweep = wide_sweep();
  EXPECT_THROW(deal_shard(sweep, {1, static_cast<std::int32_t>(sweep.unit_count()) + 1}), InputError);
}

TEST(Divisors, AreAllThatThereAreAscending) {
  EXPECT_EQ(divisors(1), std::vector<std::int64_t>{1});
  EXPECT_EQ(divisors(36), (std::vector<std::int64_t>{1, 2, 3, 4, 6, 9, 12, 18, 36}));
  EXPECT_EQ(divisors(4294967291), (std::vector<std::int64_t>{1, 4294967291})) << "a prime";
}

TEST(BatchCounts, AreTheDivisorsAboveThePresentOne) {
  Sweep sweep;
  sweep.replicas = 48;
  sweep.batches = 4;
  EXPECT_EQ(finer_batches(sweep), (std::vector<std::int32_t>{6, 8, 12, 16, 24, 48}));
  EXPECT_EQ(batches_for_share(sweep, 0.5), 8);
  EXPECT_EQ(batches_for_share(sweep, 0.4), 12);
  EXPECT_EQ(batches_for_share(sweep, 0.01), std::nullopt);
}

TEST(SampleSize, TakesSharesRoundedUpAndNumbers) {
  EXPECT_EQ(parse_sample_size("1%").of(1000), 10);
  EXPECT_EQ(parse_sample_size("1%").of(1001), 11);
  EXPECT_EQ(parse_sample_size("0.01%").of(5), 1);
  EXPECT_EQ(parse_sample_size("100%").of(123), 123);
  EXPECT_EQ(parse_sample_size("200").of(1000), 200);
  EXPECT_EQ(parse_sample_size("200").of(100), 100);
  EXPECT_EQ(parse_sample_size("1%").of(0), 0);
  EXPECT_EQ(parse_sample_size("7").of(0), 0);
}

TEST(SampleSize, RefusesTheRest) {
  for (const char* text :
       {"", "%", "0", "0%", "101%", "-1%", "1.5", "1e16", "nan", "inf", "nan%", "1 %", "all"}) {
    EXPECT_THROW(parse_sample_size(text), InputError) << text;
  }
}

}  // namespace
}  // namespace varprop::driver
