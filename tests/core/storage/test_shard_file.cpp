// The file of a shard: its units in few bytes, read like a whole file most of which is elsewhere. Seen red:
// commit by slot instead of position; units of other shards committed; read_points without the scattering; no
// check of the units' order; the name given before fill ran.
#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

using Access = ResultsFile::Access;

void expect_same(const std::vector<double>& found, const std::vector<double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!(std::isnan(found[i]) && std::isnan(wanted[i]))) {
      ASSERT_EQ(found[i], wanted[i]) << "number " << i;
    }
  }
}

struct ShardFileTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "shard.h5";
  Sweep sweep = known_sweep();
  HeldUnits units = known_shard(sweep, {2, 4});

  void create() { ResultsFile::create(path, sweep, units, known_provenance()); }

  std::vector<Record> known_records() const {
    std::vector<Record> records;
    for (std::int64_t i = units.count(); i-- > 0;) {
      records.push_back(known_record(sweep, sweep.unit(units.slot(i))));
    }
    return records;
  }

  std::string refusal() const {
    return thrown_by([&] { ResultsFile(path, Access::read); });
  }
};

TEST_F(ShardFileTest, SaysWhichShardOfWhichSweepItHolds) {
  create();
  const ResultsFile file(path, Access::read);
  EXPECT_EQ(file.identity(), identity(sweep));
  EXPECT_EQ(file.sweep().grid, sweep.grid);
  EXPECT_EQ(file.units().shard(), (Shard{2, 4}));
  ASSERT_EQ(file.units().count(), units.count());
  for (std::int64_t i = 0; i < units.count(); ++i) EXPECT_EQ(file.units().slot(i), units.slot(i));
  EXPECT_EQ(file.provenance().sweep_file, known_provenance().sweep_file);
  EXPECT_EQ(file.provenance().date, known_provenance().date);
}

TEST_F(ShardFileTest, KeepsItsUnitsAndLeavesTheOthersElsewhere) {
  create();
  ResultsFile(path, Access::write).commit(known_records());
  const ResultsFile file(path, Access::read);
  const auto states = file.states();
  const RecordLayout layout(sweep);
  const auto found = file.read("weight_gradient_extinct", PointIndex(0), sweep.point_count());
  const auto seconds = file.read_wall_seconds(PointIndex(0), sweep.point_count());
  const std::size_t d = layout.find("weight_gradient_extinct");
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    const bool held = units.holds(slot);
    const Record known = known_record(sweep, sweep.unit(slot));
    const auto& values = held ? known.values : layout.empty_values();
    EXPECT_EQ(states[static_cast<std::size_t>(slot)], held ? UnitState::done : UnitState::elsewhere);
    expect_same({found.begin() + slot * layout.length(d), found.begin() + (slot + 1) * layout.length(d)},
                {values.begin() + layout.offset(d), values.begin() + layout.offset(d) + layout.length(d)});
    expect_same({seconds[static_cast<std::size_t>(slot)]}, {held ? known.wall_seconds : std::nan("")});
  }
}

TEST_F(ShardFileTest, TakesNoUnitThatItDoesNotHold) {
  create();
  ResultsFile file(path, Access::write);
  ASSERT_FALSE(units.holds(0));
  EXPECT_THROW(file.commit(std::vector{known_record(sweep, sweep.unit(0))}), ContractViolation);
  EXPECT_EQ(file.read_records(0, 1)[0].state, UnitState::pending);
}

TEST_F(ShardFileTest, ReadsRunsOfPointsAsAWholeFileDoes) {
  create();
  ResultsFile(path, Access::write).commit(known_records());
  const ResultsFile file(path, Access::read);
  const auto all = file.read("backward_first", PointIndex(0), sweep.point_count());
  const auto row = 4 * sweep.replicas_per_batch();
  for (const auto& [first, count] : {std::pair{0, 1}, {5, 14}, {7, 0}, {47, 1}}) {
    expect_same(file.read("backward_first", PointIndex(first), count),
                {all.begin() + first * row, all.begin() + (first + count) * row});
  }
}

TEST_F(ShardFileTest, GivesBackTheRecordsThatWereCommitted) {
  for (const HeldUnits& held : {units, HeldUnits(sweep)}) {
    ResultsFile::create(path, sweep, held, known_provenance());
    ResultsFile file(path, Access::write);
    const auto unit = [&](std::int64_t position) { return sweep.unit(held.slot(position)); };
    file.commit(
        std::vector{known_record(sweep, unit(3)), failed_record(unit(4)), known_record(sweep, unit(8))});
    const auto records = file.read_records(2, 7);
    ASSERT_EQ(records.size(), 7u);
    for (std::int64_t i = 0; i < 7; ++i) {
      const Record& record = records[static_cast<std::size_t>(i)];
      EXPECT_EQ(record.unit, unit(i + 2));
      const bool done = i == 1 || i == 6;
      EXPECT_EQ(record.state, done ? UnitState::done : i == 2 ? UnitState::failed : UnitState::pending);
      const Record known = known_record(sweep, record.unit);
      EXPECT_EQ(record.wall_seconds, done ? known.wall_seconds : 0);
      expect_same(record.values, done ? known.values : std::vector<double>{});
    }
  }
}

TEST_F(ShardFileTest, TakesOnlyTheRoomOfItsUnits) {
  sweep.replicas = 28000;
  units = known_shard(sweep, {1, 4});
  create();
  const auto real = static_cast<double>(std::filesystem::file_size(path));
  EXPECT_GE(predicted_file_size(sweep, units), real);
  EXPECT_NEAR(predicted_file_size(sweep, units), real, 400e3);
  EXPECT_LT(real, 0.3 * predicted_file_size(sweep));
  const std::string message = thrown_by([&] { require_room(sweep, units, path, real / 2); });
  EXPECT_NE(message.find("more, smaller"), std::string::npos) << message;
}

TEST_F(ShardFileTest, IsRefusedWhereItsUnitsAreNone) {
  const auto spoil = [&](const char* name, const Box& box, auto value) {
    create();
    const hdf5::FileHandle file = hdf5::open_file(path, hdf5::Access::write);
    hdf5::write_box<decltype(value)>(hdf5::open_dataset(file, name), box, std::span(&value, 1));
  };
  spoil("batch", {{4}, {1}}, std::int32_t{5});
  EXPECT_NE(refusal().find("its unit 5 is none of the sweep's units"), std::string::npos) << refusal();
  spoil("point", {{0}, {1}}, 48.0);
  EXPECT_NE(refusal().find("its unit 1 is none of the sweep's units"), std::string::npos) << refusal();
  spoil("point", {{6}, {1}}, 0.0);
  EXPECT_NE(refusal().find("its unit 7 stands out of order"), std::string::npos) << refusal();
}

TEST_F(ShardFileTest, AppearsWithAllThatFillsItOrNotAtAll) {
  ResultsFile::create(path, sweep, units, known_provenance(), {}, [&](ResultsFile& file) {
    EXPECT_FALSE(std::filesystem::exists(path));
    file.commit(known_records());
  });
  EXPECT_EQ(ResultsFile(path, Access::read).read_records(0, 1)[0].state, UnitState::done);
  std::filesystem::remove(path);
  const auto fail = [&](ResultsFile& file) {
    file.commit(known_records());
    throw InputError("no");
  };
  EXPECT_THROW(ResultsFile::create(path, sweep, units, known_provenance(), {}, fail), InputError);
  EXPECT_EQ(folder.count(), 0u);
}

}  // namespace
}  // namespace varprop
