// When a run must end: a limit, the end of a job, whichever comes first; and what a run says that
// finished nothing by then.
//
// Seen to fail with the later of the two ends taken, with a job's end of the past taken for now, with one
// ignored silently, with "nan" and 1e18 taken for a job's end, with a limit of 50 ms said to be 0s, and
// with a lower bound taken for the pace itself.
#include "driver/schedule/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>

#include "core/errors.hpp"
#include "driver/schedule/dispatcher.hpp"
#include "tests/driver/schedule/scheduled_sweeps.hpp"

namespace varprop::driver {
namespace {

/// The job's end in the environment, for as long as this lives.
class JobEnd {
 public:
  explicit JobEnd(const std::string& text) { ::setenv("SLURM_JOB_END_TIME", text.c_str(), 1); }
  explicit JobEnd(double seconds_from_now) : JobEnd(std::to_string(now() + std::llround(seconds_from_now))) {}
  ~JobEnd() { ::unsetenv("SLURM_JOB_END_TIME"); }
  JobEnd(const JobEnd&) = delete;
  JobEnd& operator=(const JobEnd&) = delete;

 private:
  static long long now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

TEST(Deadline, IsNoneWithoutALimitOrAJob) {
  const Deadline deadline = Deadline::from(std::nullopt);
  EXPECT_FALSE(deadline.set());
  EXPECT_TRUE(std::isinf(deadline.seconds_left()));
  EXPECT_TRUE(std::isinf(deadline.seconds_in_all()));
  EXPECT_EQ(deadline.warning(), "");
}

TEST(Deadline, IsTheLimit) {
  const Deadline deadline = Deadline::from(5400);
  EXPECT_TRUE(deadline.set());
  EXPECT_EQ(deadline.seconds_in_all(), 5400);
  EXPECT_NEAR(deadline.seconds_left(), 5400, 60);
  EXPECT_EQ(deadline.text(), "the time limit of 1h30m");
}

TEST(Deadline, IsSaidAsItWasAskedFor) {
  EXPECT_EQ(Deadline::from(0.05).text(), "the time limit of 50 ms");
  EXPECT_EQ(Deadline::from(1.5).text(), "the time limit of 1.5s");
  EXPECT_EQ(Deadline::from(4).text(), "the time limit of 4s");
}

TEST(Deadline, IsTheJobsEndLessWhatTheLauncherNeedsIfThatComesFirst) {
  const JobEnd job(1000.0);
  const Deadline deadline = Deadline::from(5400);
  EXPECT_NEAR(deadline.seconds_in_all(), 995, 60);
  EXPECT_NE(deadline.text().find("the end of this job"), std::string::npos);
  EXPECT_GE(deadline.seconds_kept(), 5);
  EXPECT_EQ(Deadline::from(100).seconds_in_all(), 100);
  EXPECT_EQ(Deadline::from(100).seconds_kept(), 0) << "of a limit all is ours";
}

TEST(Deadline, LeavesAJobThatHasEndedOutOfAccount) {
  const JobEnd job(-1000.0);
  const Deadline deadline = Deadline::from(std::nullopt);
  EXPECT_FALSE(deadline.set());
  EXPECT_NE(deadline.warning().find("has passed"), std::string::npos) << deadline.warning();
  EXPECT_EQ(Deadline::from(100).seconds_in_all(), 100);
}

TEST(Deadline, RefusesAJobsEndThatIsNoTime) {
  for (const char* text : {"Unknown", "nan", "inf", "-inf"}) {
    const JobEnd job((std::string(text)));
    EXPECT_THROW(Deadline::from(std::nullopt), InputError) << text;
  }
}

TEST(Deadline, LeavesAJobsEndThatNoJobHasOutOfAccount) {
  for (const char* text : {"1e18", "1e300", "1700000000000"}) {
    const JobEnd job((std::string(text)));
    const Deadline deadline = Deadline::from(std::nullopt);
    EXPECT_FALSE(deadline.set()) << text;
    EXPECT_NE(deadline.warning().find("lies more than ten years ahead"), std::string::npos) << text;
  }
}

struct ShortfallTest : testing::Test, GivenRun {};

TEST_F(ShortfallTest, AdvisesBatchesThatFitEveryUnitWithTheReserve) {
  const auto batches = cure(Pace(plan, Calibration::fixed(sweep, 3))).batches;
  ASSERT_TRUE(batches);
  EXPECT_EQ(160 % *batches, 0);
  EXPECT_LE(Dispatcher::reserve * longest(*batches, 3), shortfall.seconds_to_compute);
}

TEST_F(ShortfallTest, AdvisesATimeThatFitsTheUnitsAsTheyAre) {
  const double limit = cure(Pace(plan, Calibration::fixed(sweep, 3))).limit_seconds;
  EXPECT_GE(limit, 1.1 + Dispatcher::reserve * longest(2, 3));
  EXPECT_LE(limit, 2 * longest(2, 3));
}

/// Seen red: without the seconds that are kept before the end of a job.
TEST_F(ShortfallTest, AdvisesAJobThatHasTheSecondsKeptBesides) {
  const Pace pace(plan, Calibration::fixed(sweep, 3));
  const double limit = cure(pace).limit_seconds;
  shortfall.kept_seconds = 6;
  EXPECT_EQ(cure(pace).limit_seconds, limit + 6);
}

/// The arithmetic of the worst case: a unit that was thought to fit just so, on a machine eight times slower.
TEST(Shortfall, AllowsForAMachineEightTimesSlowerThanItsLowerBoundSays) {
  for (const std::int32_t batches : {2, 4, 5, 8, 10}) {
    GivenRun given(batches);
    const double ran = given.shortfall.seconds_to_compute, thought = ran / Dispatcher::reserve;
    Pace pace(given.plan, Calibration::fixed(given.sweep, thought / given.expensive));
    pace.dropped(0, given.expensive, ran);
    given.shortfall.dropped = Plan::Step{given.plan.most_expensive(0)->unit, ran};
    const auto advised = given.cure(pace).batches;
    ASSERT_TRUE(advised) << batches;
    EXPECT_GT(*advised, batches);
    EXPECT_LE(Dispatcher::reserve * given.longest(*advised, 8 * thought / given.expensive), ran);
    EXPECT_NE(given.text(pace).find("not one unit ended before the time limit of 4s"), std::string::npos);
    EXPECT_NE(given.text(pace).find("this allows for 8 times as long as that one ran"), std::string::npos);
  }
}

TEST(Shortfall, AdvisesTheMostBatchesWhereTheyMayDo) {
  const GivenRun given(80);
  Pace pace(given.plan, given.expected);
  pace.dropped(0, given.expensive, 1.1 * given.shortfall.seconds_to_compute);
  EXPECT_EQ(given.cure(pace).batches, 160) << "half of a unit that took too long is perhaps short enough";
}

TEST_F(ShortfallTest, SaysWhatTimeWouldDoWhereNoBatchesHelp) {
  const Pace pace(plan, Calibration::fixed(sweep, 1000));
  EXPECT_FALSE(cure(pace).batches);
  EXPECT_NE(text(pace).find("No number of batches would make every unit short enough: give it "),
            std::string::npos)
      << text(pace);
}

TEST_F(ShortfallTest, BlamesTheStartWhereItTookAllTheTime) {
  shortfall.start_seconds = 4;
  shortfall.seconds_to_compute = -0.4;
  const Pace pace(plan, Calibration::fixed(sweep, 1));
  EXPECT_FALSE(cure(pace).batches);
  EXPECT_NE(text(pace).find("the start alone took 4.0s. Give it "), std::string::npos) << text(pace);
}

}  // namespace
}  // namespace varprop::driver
