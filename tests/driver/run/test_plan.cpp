// The order of the work and who gets it.
#include "driver/run/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "driver/run/cost_model.hpp"
#include "driver/run/dispatcher.hpp"

namespace varprop {
namespace {

Sweep make_sweep() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh")}, {Weights::gaussian},      {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},           {Width(16), Width(4096)}, {Depth(8), Depth(64)}};
  sweep.replicas = 64;
  sweep.batches = 4;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

std::vector<UnitState> all_pending(const Sweep& sweep) {
  return std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending);
}

Pace as_on_the_reference_machine(const Plan& plan) {
  return Pace(plan, Calibration(plan.sweep()));
}

TEST(Plan, HandsOutEveryPendingUnitOnceDearestFirst) {
  const Sweep sweep = make_sweep();
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
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  plan.call_cheap(1e-3);
  const std::int64_t cheap = plan.cheap_units();
  EXPECT_GT(cheap, 8);
  EXPECT_LT(cheap, sweep.unit_count());
  double last = 1e-3, dear_seconds = plan.pending_seconds();
  for (std::int64_t left = cheap; left > 0; --left) {
    EXPECT_EQ(plan.cheap_left(), left);
    const auto step = plan.next_cheap({});
    ASSERT_TRUE(step);
    EXPECT_TRUE(plan.cheap(step->unit));
    EXPECT_LE(step->seconds, last);
    last = step->seconds;
    dear_seconds -= step->seconds;
  }
  EXPECT_FALSE(plan.next_cheap({}));
  EXPECT_NEAR(plan.dear_seconds(), dear_seconds, 1e-9);
  std::int64_t dear = 0;
  while (const auto step = plan.next()) dear += !plan.cheap(step->unit);
  EXPECT_EQ(dear, sweep.unit_count() - cheap);
}

TEST(Plan, SkipsWhatIsDoneAndTriesFailedUnitsAgain) {
  const Sweep sweep = make_sweep();
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
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  for (std::int64_t i = 0; i < sweep.unit_count(); ++i) {
    EXPECT_EQ(plan.next()->unit.batch.value(), i % sweep.batches);
  }
}

TEST(Plan, HandsOutTheDearestUnitThatIsShortEnough) {
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  const Plan::Step cheapest = *plan.cheapest(0);
  const Plan::Step dearest = *plan.next();
  EXPECT_GT(dearest.seconds, 100 * cheapest.seconds);
  EXPECT_FALSE(plan.next(cheapest.seconds * 0.99));
  const auto short_one = plan.next(dearest.seconds * 0.99);
  ASSERT_TRUE(short_one);
  EXPECT_LT(short_one->seconds, dearest.seconds);
  EXPECT_EQ(plan.next()->seconds, dearest.seconds) << "what was too long stays in the plan";
}

TEST(Plan, HandsOutTheCheapestUnitsWhenAskedFor) {
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  const double most = plan.dearest(0)->seconds;
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
  const Sweep sweep = make_sweep();
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

TEST(CostModel, GrowsWithTheWorkAndAsTheEngineDoes) {
  const Sweep sweep = make_sweep();
  Sweep dense = sweep;
  dense.ensemble.engine = Engine::dense;
  const Point narrow = sweep.point(PointIndex(0));
  const Point wide = sweep.point(PointIndex(2));
  EXPECT_GT(predicted_seconds(sweep, wide), 50 * predicted_seconds(sweep, narrow));
  EXPECT_GT(predicted_seconds(dense, wide), 1000 * predicted_seconds(sweep, wide));
  Point signs = wide, rotation = wide;
  signs.weights = Weights::rademacher;
  rotation.weights = Weights::orthogonal;
  EXPECT_LT(predicted_seconds(dense, signs), 0.1 * predicted_seconds(dense, wide));
  EXPECT_GT(predicted_seconds(dense, rotation), 100 * predicted_seconds(dense, wide));
  EXPECT_GT(predicted_seconds(sweep, rotation), predicted_seconds(sweep, wide));
}

TEST(Dispatcher, SpreadsFewDearUnitsInsteadOfHeapingThem) {
  Sweep sweep = make_sweep();
  sweep.replicas = 128;
  sweep.batches = 8;
  sweep.grid.width = {Width(4096)};  // 16 units of the dearest two points
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1, 1, 1, 1}, as_on_the_reference_machine(plan));
  for (std::size_t p = 0; p < 4; ++p)
    EXPECT_EQ(dispatcher.next_pack(p).size(), 3u);  // 17 ms each, 50 ms a pack
}

TEST(Dispatcher, FeedsAProcessAgainOnlyWhenItHasWorkedSomethingOff) {
  const Sweep sweep = make_sweep();
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
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1}, as_on_the_reference_machine(plan));
  const double dearest = Plan(sweep, all_pending(sweep)).next()->seconds;
  EXPECT_TRUE(dispatcher.next_pack(0, -1).empty());
  for (const Unit unit : dispatcher.next_pack(0, 1.4 * dearest)) EXPECT_LT(plan.seconds(unit), dearest);
  Plan fresh(sweep, all_pending(sweep));
  EXPECT_EQ(
      fresh.seconds(
          Dispatcher(fresh, {1, 1}, as_on_the_reference_machine(fresh)).next_pack(1, 1.6 * dearest).front()),
      dearest);
}

TEST(Dispatcher, DealsEverythingOnceAndSaysWhenItIsOut) {
  const Sweep sweep = make_sweep();
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

/// As many dear units, of 168 ms, as cheap ones: 26 for each of a thousand processes.
Sweep make_mixed_sweep() {
  Sweep sweep = make_sweep();
  sweep.grid.width = {Width(2), Width(4096)};
  sweep.grid.depth = {Depth(64)};
  sweep.replicas = 13'000 * 160;
  sweep.batches = 13'000;
  return sweep;
}

/// Seen red: with cheap units at the end, and with as many cheap ones ahead of the dear.
TEST(Dispatcher, StrewsCheapUnitsInStepWithTheDearOnesThatAreFinished) {
  const Sweep sweep = make_mixed_sweep();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, std::vector<int>(1000, 1), as_on_the_reference_machine(plan));
  const auto dear_units = static_cast<double>(sweep.unit_count() / 2);
  double cheap = 0, dear_finished = 0;
  while (!dispatcher.exhausted()) {
    for (std::size_t p = 0; p < 1000; ++p) {
      for (const Unit unit : dispatcher.next_pack(p)) {
        (plan.cheap(unit) ? cheap : dear_finished) += 1;
        dispatcher.finished(p, unit, plan.seconds(unit));
      }
      if (dear_finished == dear_units) continue;
      EXPECT_NEAR(cheap, dear_finished, 3);
    }
  }
  EXPECT_EQ(cheap, dear_finished);
}

TEST(Dispatcher, TakesNoPaceFromUnitsThatFailed) {
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1}, as_on_the_reference_machine(plan));
  const auto pack = dispatcher.next_pack(0);
  dispatcher.finished(0, pack[0], std::nullopt);
  EXPECT_EQ(dispatcher.pace().load(), 1);
  dispatcher.finished(0, pack[1], 3 * plan.seconds(pack[1]));
  EXPECT_NEAR(dispatcher.pace().load(), 3, 1e-9);
}

/// Seen red: with nothing but the dearest units first.
TEST(Dispatcher, BeginsWithAFewOfTheCheapestUnitsBeforeADeadline) {
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  const double dearest = plan.dearest(0)->seconds, cheapest = plan.cheapest(0)->seconds;
  Dispatcher dispatcher(plan, {1, 1}, as_on_the_reference_machine(plan));
  const auto pack = dispatcher.next_pack(0, 1.6 * dearest);
  ASSERT_GT(pack.size(), 1u);
  EXPECT_EQ(plan.seconds(pack.front()), cheapest);
  EXPECT_EQ(std::count_if(pack.begin(), pack.end(), [&](Unit unit) { return plan.seconds(unit) == dearest; }),
            1)
      << "which still has its time";
  EXPECT_EQ(plan.seconds(dispatcher.next_pack(1, 1.6 * dearest).front()), dearest) << "one process does so";
}

/// A sweep of which the file says that a unit takes 400 times what is expected of this machine.
struct TriedUnits : testing::Test {
  Sweep sweep = make_sweep();
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

/// Seen red: with two units a thread queued however dear they are.
TEST(Dispatcher, QueuesNothingBehindAUnitOfMinutes) {
  Sweep sweep = make_sweep();
  sweep.replicas = 4'000'000;  // 279 s a unit of the dearest points
  Plan plan(sweep, all_pending(sweep));
  Dispatcher dispatcher(plan, {1, 2}, as_on_the_reference_machine(plan));
  EXPECT_EQ(dispatcher.next_pack(0).size(), 1u);
  EXPECT_TRUE(dispatcher.next_pack(0).empty());
  EXPECT_EQ(dispatcher.next_pack(1).size(), 1u);
  EXPECT_EQ(dispatcher.next_pack(1).size(), 1u);
  EXPECT_TRUE(dispatcher.next_pack(1).empty());
}

TEST(Plan, KnowsWhatEveryUnitTakes) {
  const Sweep sweep = make_sweep();
  Plan plan(sweep, all_pending(sweep));
  while (const auto step = plan.next()) {
    EXPECT_EQ(plan.seconds(step->unit), step->seconds);
    EXPECT_EQ(step->seconds, predicted_seconds(sweep, sweep.point(step->unit.point)));
  }
}

}  // namespace
}  // namespace varprop
