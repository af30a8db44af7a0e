// Which files belong together. Seen red: without the comparison of identities; with missing shards counted
// where a whole file is among the parts.
// Parts folded into one file. Seen red: failed preferred over done; no comparison of bits; the comparison
// against the wrong slots.

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "driver/merge/merge_results.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop::driver {
namespace {

struct PartsTest : testing::Test {
  TemporaryFolder folder;
  Sweep sweep = known_sweep();

  std::filesystem::path shard(const char* name, Shard shard) {
    ResultsFile::create(folder / name, sweep, known_shard(sweep, shard), known_provenance());
    return folder / name;
  }
  std::filesystem::path whole(const char* name) {
    ResultsFile::create(folder / name, sweep, known_provenance());
    return folder / name;
  }
  std::string refusal(const std::vector<std::filesystem::path>& paths) {
    return thrown_by([&] { look_at_parts(paths); });
  }
};

TEST_F(PartsTest, TellWhichShardsNobodyBrought) {
  const auto parts = look_at_parts({shard("a.h5", {4, 5}), shard("b.h5", {2, 5})});
  EXPECT_EQ(identity(parts.sweep), identity(sweep));
  EXPECT_EQ(parts.first.sweep_file, known_provenance().sweep_file);
  EXPECT_EQ(missing_text(parts.missing), "shards 1, 3, 5 of 5 are missing");
  EXPECT_EQ(missing_text(look_at_parts({folder / "a.h5", whole("w.h5")}).missing), "");
  EXPECT_EQ(missing_text(look_at_parts({folder / "a.h5", shard("c.h5", {1, 2})}).missing), "");
  EXPECT_EQ(missing_text(look_at_parts({folder / "c.h5"}).missing), "shard 2 of 2 is missing");
}

TEST_F(PartsTest, OfTwoSweepsAreRefusedWithTheDifference) {
  const auto first = whole("a.h5");
  sweep.seed = 1;
  sweep.layers = {1, 5};
  const auto second = shard("b.h5", {1, 2});
  const std::string message = refusal({first, second});
  EXPECT_NE(message.find("are not parts of one sweep; they differ in: layers, seed."), std::string::npos)
      << message;
  EXPECT_NE(refusal({first, folder / "missing.h5"}).find("there is no file"), std::string::npos);
}

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
    return thrown_by([&] {
      merged.take(first);
      merged.take(second);
    });
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
                         point_in_words(sweep.point(PointIndex(5)))),
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
  EXPECT_EQ(contradiction(whole("a.h5", {done(22)}), whole("b.h5", {slower})), "");
}

}  // namespace
}  // namespace varprop::driver
