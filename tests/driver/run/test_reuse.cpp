// Units taken over from earlier results: which, how many, and why not. Seen red: batches beyond the new
// sweep's not skipped; the neighbouring point taken; points of a run in the wrong order; done units taken
// again; seed and input not compared.

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "driver/run/destination.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

using Access = ResultsFile::Access;

struct ReuseTest : testing::Test {
  TemporaryFolder folder;
  Sweep old = known_sweep();

  /// Results of `sweep` with every held unit done.
  ResultsFile complete(const char* name, const Sweep& sweep, const HeldUnits& units) {
    ResultsFile::create(folder / name, sweep, units, known_provenance());
    ResultsFile file(folder / name, Access::write);
    std::vector<Record> records;
    for (std::int64_t i = 0; i < units.count(); ++i) {
      records.push_back(known_record(sweep, sweep.unit(units.slot(i))));
    }
    file.commit(records);
    return file;
  }
  ResultsFile empty(const char* name, const Sweep& sweep) {
    ResultsFile::create(folder / name, sweep, known_provenance());
    return ResultsFile(folder / name, Access::write);
  }
  std::string reason(const Sweep& sweep) {
    auto file = empty("new.h5", sweep);
    const ReuseOutcome outcome = reuse_units(file, complete("old.h5", old, HeldUnits(old)));
    EXPECT_EQ(outcome.units, 0);
    return outcome.reason;
  }
  void expect_reason(const Sweep& sweep, const std::string& words) {
    EXPECT_NE(reason(sweep).find(words), std::string::npos) << reason(sweep);
  }
};

/// Every unit of `grown` that the old sweep has is done, with the old numbers; all others are pending.
void expect_grown(const ResultsFile& file, const Sweep& old, const HeldUnits& held) {
  const Sweep& grown = file.sweep();
  const auto records = file.read_records(0, grown.unit_count());
  const RecordLayout layout(grown);
  const std::size_t d = layout.find("backward_first");
  std::int64_t found = 0;
  for (const Record& record : records) {
    const Point point = grown.point(record.unit.point);
    std::int64_t old_slot = -1;
    for (std::int64_t i = 0; i < old.point_count(); ++i) {
      const bool same = old.point(PointIndex(i)) == point && record.unit.batch.value() < old.batches;
      if (same) old_slot = old.slot({PointIndex(i), record.unit.batch});
    }
    const bool reused = old_slot >= 0 && held.holds(old_slot);
    EXPECT_EQ(record.state, reused ? UnitState::done : UnitState::pending);
    if (!reused) continue;
    ++found;
    const RecordLayout old_layout(old);
    EXPECT_EQ(record.values[static_cast<std::size_t>(layout.offset(d))],
              known_value(old_slot, old_layout.find("backward_first"), 0, Element::float64));
    EXPECT_EQ(record.wall_seconds, 0.5 + static_cast<double>(old_slot));
  }
  EXPECT_GT(found, 0);
}

TEST_F(ReuseTest, AGrownGridWithMoreBatchesTakesWhatIsThere) {
  Sweep grown = old;
  grown.grid.width.insert(grown.grid.width.begin() + 1, Width(128));
  grown.grid.weight_variance = {WeightVariance(1.5), WeightVariance(1.75), WeightVariance(2)};
  grown.batches = 6;
  grown.replicas = 42;
  grown.measures = {Quantity::backward};
  auto file = empty("new.h5", grown);
  const auto earlier = complete("old.h5", old, HeldUnits(old));
  EXPECT_EQ(reuse_units(file, earlier).units, 2 * 2 * 2 * 2 * 2 * 4);
  expect_grown(file, old, HeldUnits(old));
  const ReuseOutcome again = reuse_units(file, earlier);
  EXPECT_EQ(again.units, 0);
  EXPECT_NE(again.reason.find("still to do"), std::string::npos) << again.reason;
}

TEST_F(ReuseTest, ASmallerSweepTakesItsPart) {
  Sweep fewer = old;
  fewer.grid.depth = {Depth(5)};
  fewer.batches = 2;
  fewer.replicas = 14;
  fewer.layers = {1, 5};
  auto file = empty("new.h5", fewer);
  EXPECT_EQ(reuse_units(file, complete("old.h5", old, HeldUnits(old))).units, fewer.unit_count());
  expect_grown(file, old, HeldUnits(old));
}

TEST_F(ReuseTest, AShardGivesWhatItHolds) {
  const HeldUnits shard = known_shard(old, {2, 3});
  auto file = empty("new.h5", old);
  EXPECT_EQ(reuse_units(file, complete("old.h5", old, shard)).units, shard.count());
  expect_grown(file, old, shard);
}

TEST_F(ReuseTest, FailedAndPendingUnitsAreNotTaken) {
  auto earlier = empty("old.h5", old);
  earlier.commit(std::vector{failed_record(old.unit(5)), known_record(old, old.unit(6))});
  auto file = empty("new.h5", old);
  file.commit(std::vector{failed_record(old.unit(6))});
  EXPECT_EQ(reuse_units(file, earlier).units, 1);
  EXPECT_EQ(file.states()[5], UnitState::pending);
  EXPECT_EQ(file.states()[6], UnitState::done);
}

TEST_F(ReuseTest, LayersThatWereNotRecordedKeepOnlyDeepPointsFromIt) {
  Sweep more = old;
  more.layers = {1, 2, 3, 4, 5};
  auto file = empty("new.h5", more);
  EXPECT_EQ(reuse_units(file, complete("old.h5", old, HeldUnits(old))).units, more.unit_count() / 2);
}

TEST_F(ReuseTest, SaysWhichConditionFailed) {
  Sweep other = old;
  other.seed = 3;
  other.batches = 2;
  expect_reason(other, "its seed is 18446744073709551615, not 3");
  expect_reason(other, "its number of replicas per batch is 7, not 14");
  other = old;
  other.network.input = InputDistribution::gaussian;
  other.network.variance_scaling = VarianceScaling::none;
  expect_reason(other, "its input is sphere, not gaussian");
  expect_reason(other, "its variance_scaling is fan_in, not none");
  other = old;
  other.network.input_mean_square = 4;
  expect_reason(other, "its input_mean_square is 1, not 4");
  other = old;
  other.measures.push_back(Quantity::correlation);
  other.network.input_correlation = 0.5;
  expect_reason(other, "its input_correlation is none (one input), not 0.5");
  expect_reason(other, "correlation_mean");
  other = old;
  other.grid.depth = {Depth(4)};
  expect_reason(other, "no depth in common");
  other = old;
  other.grid.activation = {Activation::parse("tanh")};
  other.network.engine = Engine::dense;
  other.grid.width = {Width(64)};
  expect_reason(other, "computed alike (engine");
  other = old;
  other.grid.depth = {Depth(5)};
  other.layers = {1, 4, 5};
  expect_reason(other, "did not record layer 4");
}

TEST_F(ReuseTest, WhatIsNoResultsFileIsRefused) {
  EXPECT_THROW(open_earlier_results({folder / "missing.h5"}), InputError);
}

}  // namespace
}  // namespace varprop::driver
