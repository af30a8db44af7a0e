// What a run knows of the pace. Pure functions: no clock.
//
// Seen red: with one pace for all parts, with what is expected forgotten once a cheap unit has ended, with
// dropped units left out of account, with the earlier units of another machine outweighing this run's, with a
// lower bound taken for the pace itself, and with a part's earlier units remembered where they are to be
// forgotten.
#include "driver/schedule/pace.hpp"

#include <gtest/gtest.h>

#include "driver/schedule/dispatcher.hpp"
#include "tests/driver/schedule/scheduled_sweeps.hpp"

namespace varprop::driver {
namespace {

struct PaceTest : testing::Test, GivenRun {};

TEST_F(PaceTest, IsWhatIsExpectedBeforeAnythingRan) {
  const Pace pace(plan, expected);
  EXPECT_EQ(pace.of(0), 2);
  EXPECT_EQ(pace.of(1), 2);
  EXPECT_EQ(pace.load(), 1);
  EXPECT_FALSE(pace.only_bounded(0));
}

TEST_F(PaceTest, IsWhatTheUnitsOfThePartTook) {
  Pace pace(plan, expected);
  for (int i = 0; i < 9; ++i) pace.finished(0, expensive, 16 * expensive);
  EXPECT_NEAR(pace.of(0), 16, 0.2);
  EXPECT_NEAR(pace.load(), 8, 1e-9);
}

TEST_F(PaceTest, OfPartsThatHaveNotRunFollowsTheOthers) {
  Pace pace(plan, expected);
  for (int i = 0; i < 9; ++i) pace.finished(0, expensive, 16 * expensive);
  EXPECT_NEAR(pace.of(1), 16, 0.2) << "a machine eight times slower than expected";
}

TEST_F(PaceTest, IsNotToldByCheapUnitsWhereExpensiveOnesAreLeft) {
  Pace pace(plan, expected);
  for (int i = 0; i < 4; ++i) pace.finished(0, cheap, 20 * cheap);
  EXPECT_NEAR(pace.of(0), 2, 0.5);
  EXPECT_NEAR(pace.of(1), 2, 0.5);
}

TEST_F(PaceTest, OfOnePartIsNotHiddenByTheOther) {
  Pace pace(plan, expected);
  for (int i = 0; i < 99; ++i) pace.finished(1, expensive, 2 * expensive);
  pace.finished(0, expensive, 16 * expensive);
  EXPECT_GT(pace.of(0), 14);
  EXPECT_NEAR(pace.of(1), 2, 0.1);
}

TEST_F(PaceTest, IsKnownFromTheFile) {
  Calibration file(sweep);
  file.add(0, 10 * expensive, 160 * expensive);
  Pace pace(plan, expected, file);
  EXPECT_NEAR(pace.of(0), 16, 1.5);
  EXPECT_NEAR(pace.of(1), 16, 1.5);
  for (int i = 0; i < 5; ++i) pace.finished(0, expensive, 2 * expensive);
  EXPECT_LT(pace.of(0), 5) << "this machine is faster than the one before, however long that one ran";
}

TEST_F(PaceTest, ForgetsTheFileWhenToldTo) {
  Calibration file(sweep);
  file.add(0, 10 * expensive, 4000 * expensive);
  Pace pace(plan, expected, file);
  EXPECT_GT(pace.of(0), 300);
  EXPECT_EQ(pace.by_this_run(0), 2);
  pace.finished(0, expensive, 3 * expensive);
  EXPECT_GT(pace.of(0), 100);
  EXPECT_NEAR(pace.by_this_run(0), 3, 0.5);
  pace.forget_earlier();
  EXPECT_EQ(pace.of(0), pace.by_this_run(0));
  EXPECT_NEAR(pace.load(), 1.5, 1e-9);
}

TEST_F(PaceTest, IsNoLessThanWhatDroppedUnitsHadTaken) {
  Pace pace(plan, expected);
  pace.dropped(0, expensive, expensive);
  EXPECT_EQ(pace.of(0), 2);
  EXPECT_FALSE(pace.only_bounded(0));
  pace.dropped(0, expensive, 5 * expensive);
  pace.dropped(0, expensive, 3 * expensive);
  EXPECT_EQ(pace.of(0), 5);
  EXPECT_TRUE(pace.only_bounded(0));
  EXPECT_EQ(pace.of(1), 5) << "of the other part nothing else is known";
  pace.finished(1, expensive, 2 * expensive);
  EXPECT_EQ(pace.of(1), 2);
  EXPECT_FALSE(pace.only_bounded(1));
}

TEST_F(PaceTest, DecidesPartByPartWhatEndsInTime) {
  Calibration uneven(sweep);
  uneven.add(0, 1, 8);
  uneven.add(1, 1, 1);
  Dispatcher dispatcher(plan, {1, 1}, Pace(plan, uneven));
  const auto pack = dispatcher.next_pack(1, 2 * expensive);
  ASSERT_FALSE(pack.empty());
  EXPECT_EQ(plan.part(pack.front()), 1u) << "of the first, slow part nothing expensive would end";
  EXPECT_EQ(plan.seconds(pack.front()), expensive);
}

}  // namespace
}  // namespace varprop::driver
