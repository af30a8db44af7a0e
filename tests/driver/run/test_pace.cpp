// What a run knows of the pace, and what it says where it finished nothing. Pure functions: no clock.
//
// Seen red: with one pace for all parts, with what is expected forgotten once a cheap unit has ended, with
// dropped units left out of account, with the earlier units of another machine outweighing this run's, and
// with a lower bound taken for the pace itself.
#include "driver/run/pace.hpp"

#include <gtest/gtest.h>

#include "driver/run/dispatcher.hpp"
#include "driver/run/shortfall.hpp"
#include "tests/core/storage/known_sweep.hpp"
#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

/// Two parts, tanh and relu, of dense uniform weights: units of 2.94 s, and of 3 µs, by the model.
Sweep make_sweep(std::int32_t batches) {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("relu")},
                {Weights::uniform},
                {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},
                {Width(1), Width(1024)},
                {Depth(50)}};
  sweep.replicas = 160;
  sweep.batches = batches;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

/// A sweep of which all is pending, in so many batches, and a run that has 3.5 s.
struct Given {
  Sweep sweep;
  Plan plan{sweep, std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending)};
  double dear = plan.dearest(0)->seconds, cheap = plan.cheapest(0)->seconds;
  Calibration expected = Calibration::fixed(sweep, 2);
  Shortfall shortfall{"the time limit of 4s", 0.1, 3.5, 1, 0, 0, std::nullopt};

  explicit Given(std::int32_t batches = 2) : sweep(make_sweep(batches)) {}

  ShortfallCure cure(const Pace& pace) const { return find_cure(sweep, plan, pace, shortfall); }
  std::string text(const Pace& pace) const { return shortfall_text(sweep, plan, pace, shortfall); }
  /// What the longest unit takes with so many batches, where predicted seconds take so long.
  double longest(std::int32_t batches, double pace) const { return pace * dear * sweep.batches / batches; }
};

struct PaceTest : testing::Test, Given {};

/// Seen red: without `believable`, the sum of what a damaged file says.
TEST(Pace, BelievesNoTimeThatNoUnitTakes) {
  const Given given(8);
  const TemporaryFolder folder;
  ResultsFile::create(folder / "r.h5", given.sweep, known_provenance());
  const std::vector<double> empty = RecordLayout(given.sweep).empty_values();
  std::vector<Record> records;
  for (const double seconds :
       {4 * given.dear, -1e300, -1.0, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    const BatchIndex batch(static_cast<std::int32_t>(records.size()));
    records.push_back({{PointIndex(1), batch}, UnitState::done, seconds, "", empty});
  }
  ResultsFile file(folder / "r.h5", ResultsFile::Access::write);
  file.commit(records);
  EXPECT_DOUBLE_EQ(measured_earlier(file).factor(0), 4);
}

TEST_F(PaceTest, IsWhatIsExpectedBeforeAnythingRan) {
  const Pace pace(plan, expected);
  EXPECT_EQ(pace.of(0), 2);
  EXPECT_EQ(pace.of(1), 2);
  EXPECT_EQ(pace.load(), 1);
  EXPECT_FALSE(pace.only_bounded(0));
}

TEST_F(PaceTest, IsWhatTheUnitsOfThePartTook) {
  Pace pace(plan, expected);
  for (int i = 0; i < 9; ++i) pace.finished(0, dear, 16 * dear);
  EXPECT_NEAR(pace.of(0), 16, 0.2);
  EXPECT_NEAR(pace.load(), 8, 1e-9);
}

TEST_F(PaceTest, OfPartsThatHaveNotRunFollowsTheOthers) {
  Pace pace(plan, expected);
  for (int i = 0; i < 9; ++i) pace.finished(0, dear, 16 * dear);
  EXPECT_NEAR(pace.of(1), 16, 0.2) << "a machine eight times slower than expected";
}

TEST_F(PaceTest, IsNotToldByCheapUnitsWhereDearOnesAreLeft) {
  Pace pace(plan, expected);
  for (int i = 0; i < 4; ++i) pace.finished(0, cheap, 20 * cheap);
  EXPECT_NEAR(pace.of(0), 2, 0.5);
  EXPECT_NEAR(pace.of(1), 2, 0.5);
}

TEST_F(PaceTest, OfOnePartIsNotHiddenByTheOther) {
  Pace pace(plan, expected);
  for (int i = 0; i < 99; ++i) pace.finished(1, dear, 2 * dear);
  pace.finished(0, dear, 16 * dear);
  EXPECT_GT(pace.of(0), 14);
  EXPECT_NEAR(pace.of(1), 2, 0.1);
}

TEST_F(PaceTest, IsKnownFromTheFile) {
  Calibration file(sweep);
  file.add(0, 10 * dear, 160 * dear);
  Pace pace(plan, expected, file);
  EXPECT_NEAR(pace.of(0), 16, 1.5);
  EXPECT_NEAR(pace.of(1), 16, 1.5);
  for (int i = 0; i < 5; ++i) pace.finished(0, dear, 2 * dear);
  EXPECT_LT(pace.of(0), 5) << "this machine is faster than the one before, however long that one ran";
}

TEST_F(PaceTest, ForgetsTheFileWhenToldTo) {
  Calibration file(sweep);
  file.add(0, 10 * dear, 4000 * dear);
  Pace pace(plan, expected, file);
  EXPECT_GT(pace.of(0), 300);
  EXPECT_EQ(pace.by_this_run(0), 2);
  pace.finished(0, dear, 3 * dear);
  EXPECT_GT(pace.of(0), 100);
  EXPECT_NEAR(pace.by_this_run(0), 3, 0.5);
  pace.forget_earlier();
  EXPECT_EQ(pace.of(0), pace.by_this_run(0));
  EXPECT_NEAR(pace.load(), 1.5, 1e-9);
}

TEST_F(PaceTest, IsNoLessThanWhatDroppedUnitsHadTaken) {
  Pace pace(plan, expected);
  pace.dropped(0, dear, dear);
  EXPECT_EQ(pace.of(0), 2);
  EXPECT_FALSE(pace.only_bounded(0));
  pace.dropped(0, dear, 5 * dear);
  pace.dropped(0, dear, 3 * dear);
  EXPECT_EQ(pace.of(0), 5);
  EXPECT_TRUE(pace.only_bounded(0));
  EXPECT_EQ(pace.of(1), 5) << "of the other part nothing else is known";
  pace.finished(1, dear, 2 * dear);
  EXPECT_EQ(pace.of(1), 2);
  EXPECT_FALSE(pace.only_bounded(1));
}

TEST_F(PaceTest, DecidesPartByPartWhatEndsInTime) {
  Calibration uneven(sweep);
  uneven.add(0, 1, 8);
  uneven.add(1, 1, 1);
  Dispatcher dispatcher(plan, {1, 1}, Pace(plan, uneven));
  const auto pack = dispatcher.next_pack(1, 2 * dear);
  ASSERT_FALSE(pack.empty());
  EXPECT_EQ(plan.part(pack.front()), 1u) << "of the first, slow part nothing dear would end";
  EXPECT_EQ(plan.seconds(pack.front()), dear);
}

struct ShortfallTest : testing::Test, Given {};

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
    Given given(batches);
    const double ran = given.shortfall.seconds_to_compute, thought = ran / Dispatcher::reserve;
    Pace pace(given.plan, Calibration::fixed(given.sweep, thought / given.dear));
    pace.dropped(0, given.dear, ran);
    given.shortfall.dropped = Plan::Step{given.plan.dearest(0)->unit, ran};
    const auto advised = given.cure(pace).batches;
    ASSERT_TRUE(advised) << batches;
    EXPECT_GT(*advised, batches);
    EXPECT_LE(Dispatcher::reserve * given.longest(*advised, 8 * thought / given.dear), ran);
    EXPECT_NE(given.text(pace).find("not one unit ended before the time limit of 4s"), std::string::npos);
    EXPECT_NE(given.text(pace).find("this allows for 8 times as long as that one ran"), std::string::npos);
  }
}

TEST(Shortfall, AdvisesTheMostBatchesWhereTheyMayDo) {
  const Given given(80);
  Pace pace(given.plan, given.expected);
  pace.dropped(0, given.dear, 1.1 * given.shortfall.seconds_to_compute);
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
}  // namespace varprop
