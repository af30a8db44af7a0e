// The order of the work. Seen red: the most expensive units handed out where the cheapest are asked for.
#include "driver/schedule/plan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "driver/schedule/cost.hpp"
#include "tests/driver/schedule/scheduled_sweeps.hpp"

namespace varprop::driver {
namespace {

TEST(Plan, HandsOutEveryPendingUnitOnceMostExpensiveFirst) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  std::set<std::int64_t> slots;
  double last = 1e9;
  while (const auto step = plan.next()) {
    EXPECT_LE(step->seconds, last);
    last = step->seconds;
    EXPECT_TRUE(slots.insert(sweep.slot(step->unit)).second);
  }
  EXPECT_EQ(static_cast<std::int64_t>(slots.size()), sweep.unit_count());
  EXPECT_EQ(plan.pending_units(), sweep.unit_count());
}

TEST(Plan, HandsOutCheapUnitsAloneWhenAskedFor) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  plan.call_cheap(1e-3);
  const std::int64_t cheap = plan.cheap_units();
  EXPECT_GT(cheap, 8);
  EXPECT_LT(cheap, sweep.unit_count());
  double last = 1e-3, expensive_seconds = plan.pending_seconds();
  for (std::int64_t left = cheap; left > 0; --left) {
    EXPECT_EQ(plan.cheap_left(), left);
    const auto step = plan.next_cheap({});
    ASSERT_TRUE(step);
    EXPECT_TRUE(plan.cheap(step->unit));
    EXPECT_LE(step->seconds, last);
    last = step->seconds;
    expensive_seconds -= step->seconds;
  }
  EXPECT_FALSE(plan.next_cheap({}));
  EXPECT_NEAR(plan.expensive_seconds(), expensive_seconds, 1e-9);
  std::int64_t expensive = 0;
  while (const auto step = plan.next()) expensive += !plan.cheap(step->unit);
  EXPECT_EQ(expensive, sweep.unit_count() - cheap);
}

TEST(Plan, SkipsWhatIsDoneAndTriesFailedUnitsAgain) {
  const Sweep sweep = sweep_of_eight_points();
  auto states = all_pending(sweep);
  states[0] = UnitState::done;
  states[5] = UnitState::failed;
  Plan plan(sweep, states);
  EXPECT_EQ(plan.pending_units(), sweep.unit_count() - 1);
  std::set<std::int64_t> slots;
  while (const auto step = plan.next()) slots.insert(sweep.slot(step->unit));
  EXPECT_EQ(slots.count(0), 0u);
  EXPECT_EQ(slots.count(5), 1u);
}

TEST(Plan, GivesAPointsBatchesOneAfterTheOther) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  for (std::int64_t i = 0; i < sweep.unit_count(); ++i) {
    EXPECT_EQ(plan.next()->unit.batch.value(), i % sweep.batches);
  }
}

TEST(Plan, HandsOutTheMostExpensiveUnitThatIsShortEnough) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  const Plan::Step cheapest = *plan.cheapest(0);
  const Plan::Step most_expensive = *plan.next();
  EXPECT_GT(most_expensive.seconds, 100 * cheapest.seconds);
  EXPECT_FALSE(plan.next(cheapest.seconds * 0.99));
  const auto short_one = plan.next(most_expensive.seconds * 0.99);
  ASSERT_TRUE(short_one);
  EXPECT_LT(short_one->seconds, most_expensive.seconds);
  EXPECT_EQ(plan.next()->seconds, most_expensive.seconds) << "what was too long stays in the plan";
}

TEST(Plan, HandsOutTheCheapestUnitsWhenAskedFor) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  const double most = plan.most_expensive(0)->seconds;
  EXPECT_FALSE(plan.next_cheapest(std::vector{0.99 * plan.cheapest(0)->seconds}));
  std::set<std::int64_t> slots;
  double last = 0;
  for (std::int64_t left = sweep.unit_count(); left > 0; --left) {
    const auto step = left % 5 == 0 ? plan.next() : plan.next_cheapest(std::vector{most});
    ASSERT_TRUE(step);
    EXPECT_TRUE(slots.insert(sweep.slot(step->unit)).second);
    if (left % 5 == 0) continue;
    EXPECT_GE(step->seconds, last);
    last = step->seconds;
  }
  EXPECT_FALSE(plan.next_cheapest(std::vector{most}));
  EXPECT_TRUE(plan.empty());
}

TEST(Plan, HandsOutEverythingOnceWhateverTheLimits) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  const double most = plan.next()->seconds;
  std::set<std::int64_t> slots;
  for (int i = 0; !plan.empty(); ++i) {
    if (const auto step = plan.next(i % 3 == 0 ? most : most * 1e-3 * (i % 700))) {
      EXPECT_TRUE(slots.insert(sweep.slot(step->unit)).second);
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(slots.size()), sweep.unit_count() - 1);
  EXPECT_FALSE(plan.next());
}

TEST(Plan, KnowsWhatEveryUnitTakes) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  while (const auto step = plan.next()) {
    EXPECT_EQ(plan.seconds(step->unit), step->seconds);
    EXPECT_EQ(step->seconds, predicted_seconds(sweep, sweep.point(step->unit.point)));
  }
}

}  // namespace
}  // namespace varprop::driver
