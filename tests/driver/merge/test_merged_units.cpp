// Parts folded into one file. Seen red: failed preferred over done; no comparison of bits; the comparison
// against the wrong slots.
#include "driver/merge/merged_units.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "tests/core/storage/known_sweep.hpp"
#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

using Access = ResultsFile::Access;

struct MergedUnitsTest : testing::Test {
  TemporaryFolder folder;
  Sweep sweep = known_sweep();

  ResultsFile file(const char* name, const HeldUnits& units, const std::vector<Record>& records) {
    ResultsFile::create(folder / name, sweep, units, known_provenance());
    ResultsFile(folder / name, Access::write).commit(records);
    return ResultsFile(folder / name, Access::write);
  }
  ResultsFile whole(const char* name, const std::vector<Record>& records) {
    return file(name, HeldUnits(sweep), records);
  }
  Record done(std::int64_t slot) const { return known_record(sweep, sweep.unit(slot)); }
  Record failed(std::int64_t slot) const { return failed_record(sweep.unit(slot)); }

  std::string contradiction(const ResultsFile& first, const ResultsFile& second) {
    auto out = whole("out.h5", {});
    MergedUnits merged(out);
    try {
      merged.take(first);
      merged.take(second);
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  }
};

TEST_F(MergedUnitsTest, PrefersDoneOverFailedOverPendingInAnyOrder) {
  const auto a = whole("a.h5", {done(0), failed(1), failed(2)});
  const auto b = whole("b.h5", {failed(0), done(1), done(3)});
  const std::vector<const ResultsFile*> both{&a, &b}, reversed{&b, &a};
  for (const auto& order : {both, reversed}) {
    auto out = whole("out.h5", {});
    MergedUnits merged(out);
    for (const ResultsFile* part : order) merged.take(*part);
    const std::vector<UnitState> wanted{UnitState::done, UnitState::done, UnitState::failed, UnitState::done,
                                        UnitState::pending};
    const auto states = out.states();
    EXPECT_EQ(std::vector(states.begin(), states.begin() + 5), wanted);
    EXPECT_EQ(merged.states(), states);
    EXPECT_EQ(out.read_records(3, 1)[0].values[0], done(3).values[0]);
    EXPECT_EQ(out.read_records(3, 1)[0].wall_seconds, done(3).wall_seconds);
  }
}

TEST_F(MergedUnitsTest, JoinsShardsWithWholeFiles) {
  auto out = whole("out.h5", {});
  MergedUnits merged(out);
  for (const std::int32_t number : {3, 1}) {
    const HeldUnits units = known_shard(sweep, {number, 3});
    std::vector<Record> records;
    for (std::int64_t i = 0; i < units.count(); ++i) records.push_back(done(units.slot(i)));
    merged.take(file("shard.h5", units, records));
  }
  merged.take(whole("a.h5", {done(3), done(4), done(0), failed(5)}));
  for (const Record& record : out.read_records(0, sweep.unit_count())) {
    const std::int64_t slot = sweep.slot(record.unit);
    const bool in_shard = slot / 3 % 3 != 1;
    EXPECT_EQ(record.state, in_shard || slot < 5 ? UnitState::done
                            : slot == 5          ? UnitState::failed
                                                 : UnitState::pending);
    if (record.state == UnitState::done) {
      EXPECT_EQ(record.values[0], done(slot).values[0]);
    }
  }
}

TEST_F(MergedUnitsTest, RefusesOneDifferingBitAndNamesItsPlace) {
  Record changed = done(22);
  const RecordLayout layout(sweep);
  const std::size_t d = layout.find("backward_log_mean");
  changed.values[static_cast<std::size_t>(layout.offset(d)) + 2] *= 1 + 0x1p-52;
  const auto a = whole("a.h5", {done(19), done(21), done(22), done(30)});
  const auto b = whole("b.h5", {done(19), done(21), changed, done(40)});
  const std::string message = contradiction(a, b);
  EXPECT_NE(message.find("a.h5 and "), std::string::npos) << message;
  EXPECT_NE(message.find("b.h5 contradict each other: in batch 3 of the point " +
                         canonical_text(sweep.point(PointIndex(5)), sweep.ensemble)),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("backward_log_mean at layer 3 is"), std::string::npos) << message;
  changed = done(22);
  changed.values.back() = 1;
  const std::string replica = contradiction(a, whole("b.h5", {changed}));
  EXPECT_NE(replica.find("backward_first of replica 7 is"), std::string::npos) << replica;
}

TEST_F(MergedUnitsTest, WallSecondsMayDiffer) {
  Record slower = done(22);
  slower.wall_seconds *= 2;
  EXPECT_EQ(contradiction(whole("a.h5", {done(22)}), whole("b.h5", {slower})), "none");
}

}  // namespace
}  // namespace varprop
