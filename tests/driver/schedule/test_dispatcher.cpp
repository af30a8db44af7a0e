// Who gets what of the work.
#include "driver/schedule/dispatcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/driver/schedule/scheduled_sweeps.hpp"

namespace varprop::driver {
namespace {

TEST(Dispatcher, SpreadsFewExpensiveUnitsInsteadOfHeapingThem) {
  Sweep sweep = sweep_of_eight_points();
  sweep.replicas = 128;
  sweep.batches = 8;
  sweep.grid.width = {Width(4096)};  // 16 units of the most expensive two points
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1, 1, 1, 1}, as_on_the_reference_machine(plan));
  for (std::size_t p = 0; p < 4; ++p)
    EXPECT_EQ(dispatcher.next_pack(p).size(), 3u);  // 17 ms each, 50 ms a pack
}

TEST(Dispatcher, FeedsAProcessAgainOnlyWhenItHasWorkedSomethingOff) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1}, as_on_the_reference_machine(plan));
  std::vector<Unit> dealt;
  while (true) {
    const auto pack = dispatcher.next_pack(0);
    if (pack.empty()) break;
    dealt.insert(dealt.end(), pack.begin(), pack.end());
  }
  EXPECT_LT(static_cast<std::int64_t>(dealt.size()), sweep.unit_count());
  for (const Unit unit : dealt) dispatcher.finished(0, unit, 0.017);
  EXPECT_FALSE(dispatcher.next_pack(0).empty());
}

TEST(Dispatcher, BeginsNothingThatCannotEndInTime) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1}, as_on_the_reference_machine(plan));
  const double most_expensive = Plan(sweep, all_pending(sweep)).next()->seconds;
  EXPECT_TRUE(dispatcher.next_pack(0, -1).empty());
  for (const Unit unit : dispatcher.next_pack(0, 1.4 * most_expensive))
    EXPECT_LT(plan.seconds(unit), most_expensive);
  Plan fresh(sweep, all_pending(sweep));
  EXPECT_EQ(fresh.seconds(Dispatcher(fresh, {1, 1}, as_on_the_reference_machine(fresh))
                              .next_pack(1, 1.6 * most_expensive)
                              .front()),
            most_expensive);
}

TEST(Dispatcher, DealsEverythingOnceAndSaysWhenItIsOut) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {2, 1}, as_on_the_reference_machine(plan));
  std::set<std::int64_t> slots;
  while (!dispatcher.exhausted() || dispatcher.outstanding() > 0) {
    for (std::size_t p = 0; p < 2; ++p) {
      for (const Unit unit : dispatcher.next_pack(p)) {
        EXPECT_TRUE(slots.insert(sweep.slot(unit)).second);
        dispatcher.finished(p, unit, 1e-3);
      }
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(slots.size()), sweep.unit_count());
  EXPECT_NEAR(dispatcher.finished_share(), 1, 1e-9);
}

/// As many expensive units, of 168 ms, as cheap ones: 26 for each of a thousand processes.
Sweep make_mixed_sweep() {
  Sweep sweep = sweep_of_eight_points();
  sweep.grid.width = {Width(2), Width(4096)};
  sweep.grid.depth = {Depth(64)};
  sweep.replicas = 13'000 * 160;
  sweep.batches = 13'000;
  return sweep;
}

/// Seen red: with cheap units at the end, and with as many cheap ones ahead of the expensive.
TEST(Dispatcher, InterleavesCheapUnitsInStepWithTheExpensiveOnesThatAreFinished) {
  const Sweep sweep = make_mixed_sweep();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, std::vector<int>(1000, 1), as_on_the_reference_machine(plan));
  const auto expensive_units = static_cast<double>(sweep.unit_count() / 2);
  double cheap = 0, expensive_finished = 0;
  while (!dispatcher.exhausted()) {
    for (std::size_t p = 0; p < 1000; ++p) {
      for (const Unit unit : dispatcher.next_pack(p)) {
        (plan.cheap(unit) ? cheap : expensive_finished) += 1;
        dispatcher.finished(p, unit, plan.seconds(unit));
      }
      if (expensive_finished == expensive_units) continue;
      EXPECT_NEAR(cheap, expensive_finished, 3);
    }
  }
  EXPECT_EQ(cheap, expensive_finished);
}

TEST(Dispatcher, TakesNoPaceFromUnitsThatFailed) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1}, as_on_the_reference_machine(plan));
  const auto pack = dispatcher.next_pack(0);
  dispatcher.finished(0, pack[0], std::nullopt);
  EXPECT_EQ(dispatcher.pace().load(), 1);
  dispatcher.finished(0, pack[1], 3 * plan.seconds(pack[1]));
  EXPECT_NEAR(dispatcher.pace().load(), 3, 1e-9);
}

/// Seen red: with nothing but the most expensive units first.
TEST(Dispatcher, BeginsWithAFewOfTheCheapestUnitsBeforeADeadline) {
  const Sweep sweep = sweep_of_eight_points();
  Plan plan(sweep, all_pending(sweep));
  const double most_expensive = plan.most_expensive(0)->seconds, cheapest = plan.cheapest(0)->seconds;
  Dispatcher dispatcher(plan, {1, 1}, as_on_the_reference_machine(plan));
  const auto pack = dispatcher.next_pack(0, 1.6 * most_expensive);
  ASSERT_GT(pack.size(), 1u);
  EXPECT_EQ(plan.seconds(pack.front()), cheapest);
  EXPECT_EQ(std::count_if(pack.begin(), pack.end(),
                          [&](Unit unit) { return plan.seconds(unit) == most_expensive; }),
            1)
      << "which still has its time";
  EXPECT_EQ(plan.seconds(dispatcher.next_pack(1, 1.6 * most_expensive).front()), most_expensive)
      << "one process does so";
}

/// A sweep of which the file says that a unit takes 400 times what is expected of this machine.
struct TriedUnits : testing::Test {
  Sweep sweep = sweep_of_eight_points();
  Plan plan{sweep, all_pending(sweep)};
  double limit = 100 * plan.cheapest(0)->seconds;
  Dispatcher dispatcher{plan, {1, 1}, Pace(plan, Calibration(sweep), slow())};

  Calibration slow() const {
    Calibration earlier(sweep);
    earlier.add(0, 1, 400);
    return earlier;
  }
};

/// Seen red: with nothing begun that the file's units say would not end.
TEST_F(TriedUnits, AreBegunOnceAProcessWhereOnlyEarlierOnesSpeakAgainst) {
  EXPECT_TRUE(dispatcher.next_pack(0, 5e-3 * limit).empty()) << "too long by all that is known";
  EXPECT_EQ(dispatcher.next_pack(1, limit).size(), 1u);
  EXPECT_TRUE(dispatcher.next_pack(1, limit).empty());
}

TEST_F(TriedUnits, MakeTheFilesUnitsForgottenWhereTheyEnd) {
  const auto tried = dispatcher.next_pack(0, limit);
  ASSERT_EQ(tried.size(), 1u);
  dispatcher.finished(0, tried.front(), plan.seconds(tried.front()));
  EXPECT_NEAR(dispatcher.pace().of(0), 1, 1e-9);
  EXPECT_FALSE(dispatcher.next_pack(0, limit).empty());
}

TEST_F(TriedUnits, ThatFailSayNothing) {
  const auto tried = dispatcher.next_pack(0, limit);
  ASSERT_EQ(tried.size(), 1u);
  dispatcher.finished(0, tried.front(), std::nullopt);
  EXPECT_TRUE(dispatcher.next_pack(0, limit).empty());
}

/// Seen red: with two units a thread queued however expensive they are.
TEST(Dispatcher, QueuesNothingBehindAUnitOfMinutes) {
  Sweep sweep = sweep_of_eight_points();
  sweep.replicas = 4'000'000;  // 279 s a unit of the most expensive points
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1, 2}, as_on_the_reference_machine(plan));
  EXPECT_EQ(dispatcher.next_pack(0).size(), 1u);
  EXPECT_TRUE(dispatcher.next_pack(0).empty());
  EXPECT_EQ(dispatcher.next_pack(1).size(), 1u);
  EXPECT_EQ(dispatcher.next_pack(1).size(), 1u);
  EXPECT_TRUE(dispatcher.next_pack(1).empty());
}

}  // namespace
}  // namespace varprop::driver
