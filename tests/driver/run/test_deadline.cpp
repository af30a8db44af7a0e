// When a run must end: a limit, the end of a job, whichever comes first; and durations as people type them.
//
// Seen to fail with the later of the two ends taken, with a job's end of the past taken for now, with one
// ignored silently, with "nan" and 1e18 taken for a job's end, and with a limit of 50 ms said to be 0s.
#include "driver/run/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>

#include "core/errors.hpp"
#include "driver/run/batch_counts.hpp"
#include "driver/run/duration.hpp"

namespace varprop {
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

TEST(Duration, IsReadInEveryUnit) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("45m"), 2700);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("2d"), 172800);
  EXPECT_EQ(parse_duration("1.5h"), 5400);
  EXPECT_EQ(parse_duration("1d2h3m4s"), 93784);
}

TEST(Duration, IsRefusedWhereItIsNone) {
  for (const char* text :
       {"", "0", "-3", "-3s", "h", "1x", "nan", "inf", "1 h", "400d", "1..5h", "1h30", "s1"}) {
    EXPECT_THROW(parse_duration(text), InputError) << text;
  }
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

}  // namespace
}  // namespace varprop
