// Rank 0's decisions, turn by turn, without a clock.
//
// Seen red: over() without a look at what is out, and without a look at what was dealt; failed units not
// counted; the longest dropped unit replaced by the last; a stop that was asked for taken for a shortfall;
// only the first process dealt to.
#include "driver/schedule/scheduler.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/driver/schedule/scheduled_sweeps.hpp"

namespace varprop::driver {
namespace {

/// Two processes that have done nothing yet, and what is dealt to each.
struct SchedulerTest : testing::Test {
  Sweep sweep = sweep_of_eight_points();
  Scheduler scheduler{sweep, {1, 1}, Calibration(sweep)};
  std::map<std::size_t, std::vector<Unit>> dealt;
  Scheduler::Deliver keep = [this](std::size_t process, const std::vector<Unit>& pack) {
    dealt[process].insert(dealt[process].end(), pack.begin(), pack.end());
  };

  void all_done() {
    for (auto& [process, units] : dealt) {
      for (const Unit unit : units) scheduler.done(process, unit, scheduler.predicted_seconds(unit));
      units.clear();
    }
  }
};

TEST_F(SchedulerTest, DealsEveryUnitOnceAndIsOverWhenAllAreBack) {
  std::set<std::int64_t> slots;
  while (!scheduler.over()) {
    scheduler.deal(keep);
    for (const auto& [process, units] : dealt) {
      for (const Unit unit : units) EXPECT_TRUE(slots.insert(sweep.slot(unit)).second);
    }
    all_done();
  }
  EXPECT_EQ(static_cast<std::int64_t>(slots.size()), sweep.unit_count());
  EXPECT_EQ(scheduler.finished_units(), sweep.unit_count());
  EXPECT_EQ(scheduler.failed_units(), 0);
  EXPECT_NEAR(scheduler.finished_share(), 1, 1e-9);
  EXPECT_EQ(scheduler.outcome(false), ExitCode::complete);
}

TEST_F(SchedulerTest, IsNotOverWhileUnitsAreOut) {
  while (scheduler.deal(keep)) {
  }
  EXPECT_GT(scheduler.outstanding(), 0);
  EXPECT_FALSE(scheduler.over()) << "nobody wants more, but somebody is at work";
}

TEST_F(SchedulerTest, DealsOnePackATurnToEachThatIsAsked) {
  const std::vector<std::size_t> second{1};
  EXPECT_EQ(scheduler.deal(second, keep), second);
  EXPECT_EQ(dealt.count(0), 0u);
  EXPECT_TRUE(scheduler.deal(keep));
  EXPECT_EQ(dealt.count(0), 1u);
}

TEST_F(SchedulerTest, TakesOnlyWhatIsLeftInTheFile) {
  std::vector<UnitState> states = all_pending(sweep);
  states[3] = UnitState::done;
  states[4] = UnitState::failed;
  const Scheduler left(sweep, states, {1}, Calibration(sweep), Calibration(sweep));
  EXPECT_EQ(left.pending_units(), sweep.unit_count() - 1);
}

TEST_F(SchedulerTest, TellsOfFailedUnits) {
  while (!scheduler.over()) {
    scheduler.deal(keep);
    for (const Unit unit : std::exchange(dealt[1], {})) scheduler.failed(1, unit);
    all_done();
  }
  EXPECT_GT(scheduler.failed_units(), 0);
  EXPECT_LT(scheduler.failed_units(), scheduler.finished_units());
  EXPECT_EQ(scheduler.outcome(false), ExitCode::some_points_failed);
}

TEST_F(SchedulerTest, StopsEarlyWhereSomethingWasDoneOrAStopWasAskedFor) {
  EXPECT_EQ(scheduler.outcome(true), ExitCode::stopped_early);
  scheduler.deal(keep);
  scheduler.done(0, dealt[0].front(), 1e-3);
  EXPECT_EQ(scheduler.outcome(false), ExitCode::stopped_early);
}

TEST_F(SchedulerTest, FailsWhereTheDeadlineLeftNothingDone) {
  EXPECT_FALSE(scheduler.deal(keep, 0));
  EXPECT_TRUE(scheduler.over());
  EXPECT_EQ(scheduler.outcome(false), ExitCode::failure);
  const Deadline deadline = Deadline::from(4);
  const std::string sentences = scheduler.shortfall_sentences(deadline, 3.5, 1);
  EXPECT_NE(sentences.find("not one unit can be relied on to end before the time limit of 4s"),
            std::string::npos)
      << sentences;
}

TEST_F(SchedulerTest, BlamesTheUnitThatHadRunLongestWhenItWasDropped) {
  scheduler.deal(keep);
  ASSERT_EQ(dealt.size(), 2u);
  scheduler.dropped(dealt[0].front(), 3);
  scheduler.dropped(dealt[1].front(), 2);
  EXPECT_EQ(scheduler.finished_units(), 0);
  const std::string sentences = scheduler.shortfall_sentences(Deadline::from(4), 3.5, 1);
  EXPECT_NE(sentences.find("had run for 3.0s and was dropped"), std::string::npos) << sentences;
}

TEST_F(SchedulerTest, ExpectsTheWorkOverTheCoresOrTheLongestUnit) {
  double all = 0, longest = 0;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    const double seconds = scheduler.predicted_seconds(sweep.unit(slot));
    all += seconds;
    longest = std::max(longest, seconds);
  }
  EXPECT_NEAR(scheduler.expected_seconds(2), all / 2, 1e-9);
  EXPECT_NEAR(scheduler.expected_seconds(1000), longest, 1e-9);
  const Scheduler slow(sweep, {1, 1}, Calibration::fixed(sweep, 3));
  EXPECT_NEAR(slow.expected_seconds(2), 3 * all / 2, 1e-9);
}

}  // namespace
}  // namespace varprop::driver
