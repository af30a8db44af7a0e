// A results file keeps what is committed, where it belongs, and refuses what it cannot vouch for.
#include "core/storage/results_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

using Access = ResultsFile::Access;

struct ResultsFileTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "known.h5";
  Sweep sweep = known_sweep();

  void create() { ResultsFile::create(path, sweep, known_provenance()); }
};

/// A NaN equals a NaN.
void expect_same(const std::vector<double>& found, const std::vector<double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(found[i]) && std::isnan(wanted[i])) continue;
    ASSERT_EQ(found[i], wanted[i]) << "number " << i;
  }
}

/// Compares every row of a slot with `wanted`, a record's values.
void expect_slot(const ResultsFile& file, Unit unit, const std::vector<double>& wanted) {
  const RecordLayout layout(file.sweep());
  for (std::size_t d = 0; d < layout.datasets().size(); ++d) {
    const std::vector<double> point = file.read(layout.datasets()[d].name, unit.point, 1);
    const auto length = layout.length(d);
    const auto begin = point.begin() + unit.batch.value() * length;
    SCOPED_TRACE(layout.datasets()[d].name + " of slot " + std::to_string(file.sweep().slot(unit)));
    expect_same({begin, begin + length},
                {wanted.begin() + layout.offset(d), wanted.begin() + layout.offset(d) + length});
  }
}

void overwrite(const std::filesystem::path& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::streamoff position_of(const std::filesystem::path& path, const std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  return static_cast<std::streamoff>(all.find(bytes));
}

TEST_F(ResultsFileTest, GivesBackTheSweepItWasCreatedFor) {
  create();
  const ResultsFile file(path, Access::read);
  EXPECT_EQ(file.sweep().title, sweep.title);
  EXPECT_EQ(file.sweep().grid, sweep.grid);
  EXPECT_EQ(file.sweep().network, sweep.network);
  EXPECT_EQ(file.sweep().replicas, sweep.replicas);
  EXPECT_EQ(file.sweep().measures, sweep.measures);
  EXPECT_EQ(canonical_text(file.sweep()), canonical_text(sweep));
  EXPECT_EQ(file.identity(), identity(sweep));
  EXPECT_EQ(file.numerics_version(), numerics_version);
  EXPECT_EQ(folder.count(), 1u) << "creation left something behind";
}

TEST_F(ResultsFileTest, HasTheInputsMeanSquareOffItsDefaultOnly) {
  const auto named = [&] { return position_of(path, "input_mean_square") != -1; };
  create();
  EXPECT_FALSE(named());
  EXPECT_EQ(ResultsFile(path, Access::read).sweep().network.input_mean_square, 1);
  std::filesystem::remove(path);
  sweep.network.input_mean_square = 0.1;
  create();
  EXPECT_TRUE(named());
  EXPECT_EQ(ResultsFile(path, Access::read).sweep().network, sweep.network);
}

TEST_F(ResultsFileTest, IsPendingAndFullOfFillsAtFirst) {
  create();
  const ResultsFile file(path, Access::read);
  EXPECT_EQ(file.states(),
            std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending));
  const std::vector<double> empty = RecordLayout(sweep).empty_values();
  for (std::int64_t slot = 0; slot < sweep.unit_count(); slot += 17)
    expect_slot(file, sweep.unit(slot), empty);
  for (const double x : file.read_wall_seconds(PointIndex(0), sweep.point_count()))
    EXPECT_TRUE(std::isnan(x));
}

TEST_F(ResultsFileTest, KeepsEveryCommittedSlotInItsPlaceAndNoOther) {
  create();
  std::vector<Record> records;  // whole points, a run over a point's end, single slots; not in order
  for (const std::int64_t slot : {9, 8, 10, 11, 12, 13, 190, 191, 40, 42, 3})
    records.push_back(known_record(sweep, sweep.unit(slot)));
  ResultsFile(path, Access::write).commit(records);
  const ResultsFile file(path, Access::read);
  const auto states = file.states();
  const auto wall_seconds = file.read_wall_seconds(PointIndex(0), sweep.point_count());
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    const bool written = std::any_of(records.begin(), records.end(),
                                     [&](const Record& r) { return sweep.slot(r.unit) == slot; });
    const Record known = known_record(sweep, sweep.unit(slot));
    EXPECT_EQ(states[static_cast<std::size_t>(slot)], written ? UnitState::done : UnitState::pending);
    expect_slot(file, sweep.unit(slot), written ? known.values : RecordLayout(sweep).empty_values());
    expect_same({wall_seconds[static_cast<std::size_t>(slot)]},
                {written ? known.wall_seconds : std::nan("")});
  }
}

TEST_F(ResultsFileTest, ReadsRunsOfPointsAcrossTheGrid) {
  create();
  std::vector<Record> all;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot)
    all.push_back(known_record(sweep, sweep.unit(slot)));
  ResultsFile(path, Access::write).commit(all);
  const ResultsFile file(path, Access::read);
  const auto whole = file.read("backward_first", PointIndex(0), sweep.point_count());
  const auto part = file.read("backward_first", PointIndex(5), 14);
  const auto row = 4 * sweep.replicas_per_batch();
  expect_same(part, {whole.begin() + 5 * row, whole.begin() + 19 * row});
}

TEST_F(ResultsFileTest, AFailedUnitWritesItsStateOnlyAndCanBeDoneLater) {
  create();
  ResultsFile file(path, Access::write);
  const Unit unit = sweep.unit(6);
  file.commit(std::vector{failed_record(unit), known_record(sweep, sweep.unit(7))});
  EXPECT_EQ(file.states()[6], UnitState::failed);
  EXPECT_EQ(file.states()[7], UnitState::done);
  expect_slot(file, unit, RecordLayout(sweep).empty_values());
  EXPECT_TRUE(std::isnan(file.read_wall_seconds(unit.point, 1)[2]));
  file.commit(std::vector{known_record(sweep, unit)});
  EXPECT_EQ(file.states()[6], UnitState::done);
  expect_slot(file, unit, known_record(sweep, unit).values);
}

TEST_F(ResultsFileTest, MeasuringLessStoresLess) {
  sweep.measures = {Quantity::backward};
  create();
  const ResultsFile file(path, Access::read);
  EXPECT_EQ(file.sweep().measures, sweep.measures);
  EXPECT_NO_THROW(file.read("backward_first", PointIndex(0), 1));
  EXPECT_THROW(file.read("forward_last", PointIndex(0), 1), InputError);
}

TEST_F(ResultsFileTest, ReportsProgressUpToOne) {
  std::vector<double> heard;
  ResultsFile::create(path, sweep, known_provenance(), [&](double x) { heard.push_back(x); });
  EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end()));
  EXPECT_DOUBLE_EQ(heard.back(), 1.0);
}

TEST_F(ResultsFileTest, CreationReplacesAtTheLastMomentOnly) {
  create();
  ResultsFile(path, Access::write).commit(std::vector{known_record(sweep, sweep.unit(0))});
  sweep.measures.clear();  // a sweep of nothing is still a file
  sweep.seed = 3;
  ResultsFile::create(path, sweep, known_provenance(), [&](double) {
    EXPECT_EQ(ResultsFile(path, Access::read).states()[0], UnitState::done);
  });
  EXPECT_EQ(ResultsFile(path, Access::read).sweep().seed, 3u);
  EXPECT_EQ(folder.count(), 1u);
}

/// Seen red: what was copied there while the file was being created was replaced.
TEST_F(ResultsFileTest, CreationDoesNotReplaceWhatAppearsMeanwhile) {
  const auto copied = [this](double) { std::ofstream(path) << "somebody else's"; };
  EXPECT_THROW(ResultsFile::create(path, sweep, known_provenance(), copied), SystemError);
  std::string kept;
  std::getline(std::ifstream(path), kept);
  EXPECT_EQ(kept, "somebody else's");
  EXPECT_FALSE(std::filesystem::exists(creating_path(path)));
}

TEST_F(ResultsFileTest, AThrowDuringCreationLeavesNothing) {
  const auto stop = [](double) { throw std::runtime_error("stop"); };
  EXPECT_THROW(ResultsFile::create(path, sweep, known_provenance(), stop), std::runtime_error);
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(ResultsFileTest, ReadersMayOpenWhileAWriterWrites) {
  create();
  ResultsFile writer(path, Access::write);
  const ResultsFile reader(path, Access::read);
  writer.commit(std::vector{known_record(sweep, sweep.unit(5))});
  EXPECT_EQ(ResultsFile(path, Access::read).states()[5], UnitState::done);
}

TEST_F(ResultsFileTest, StopsWhereItsPathNoLongerLeadsToIt) {
  create();
  ResultsFile file(path, Access::write);
  std::filesystem::remove(path);
  const auto commit = [&] { file.commit(std::vector{known_record(sweep, sweep.unit(0))}); };
  EXPECT_NE(thrown_by<SystemError>(commit).find("was moved, removed or replaced"), std::string::npos);
  create();
  EXPECT_THROW(commit(), SystemError) << "another file of that name";
}

TEST_F(ResultsFileTest, RefusesWhatIsNoResultsFile) {
  const auto refused = [&] { return thrown_by<InputError>([&] { ResultsFile(path, Access::read); }); };
  EXPECT_NE(refused().find("there is no file"), std::string::npos) << refused();
  std::ofstream(path).flush();
  EXPECT_NE(refused().find("not an HDF5 file"), std::string::npos) << refused();
  std::ofstream(path) << "some text that is much longer than a signature";
  EXPECT_NE(refused().find("not an HDF5 file"), std::string::npos) << refused();
  std::ofstream(path) << "\x89HDF\r\n\x1a\n and then nothing";
  EXPECT_NE(refused().find("damaged, truncated"), std::string::npos) << refused();
  path = folder.path();
  EXPECT_NE(refused().find("not an HDF5 file"), std::string::npos) << refused();
}

TEST_F(ResultsFileTest, RefusesEveryTruncation) {
  create();
  const auto size = std::filesystem::file_size(path);
  for (const std::uintmax_t cut : {size - 1, size - 100, size / 2, size / 10, std::uintmax_t{100}}) {
    std::filesystem::resize_file(path, cut);
    const std::string message = thrown_by<InputError>([&] { ResultsFile(path, Access::read); });
    EXPECT_NE(message.find("truncated"), std::string::npos) << cut << " bytes: " << message;
  }
}

TEST_F(ResultsFileTest, RefusesANewerMajorFormatAndReadsANewerMinor) {
  create();
  const auto at = position_of(path, "1.1");
  overwrite(path, at, "1.7");
  EXPECT_NO_THROW(ResultsFile(path, Access::read));
  overwrite(path, at, "3.0");
  const std::string message = thrown_by<InputError>([&] { ResultsFile(path, Access::read); });
  EXPECT_NE(message.find("format 3.0 is newer"), std::string::npos) << message;
}

TEST_F(ResultsFileTest, RefusesSettingsThatDoNotFitItsIdentity) {
  create();
  overwrite(path, position_of(path, identity(sweep)), "0123456789abcdef");
  const std::string message = thrown_by<InputError>([&] { ResultsFile(path, Access::read); });
  EXPECT_NE(message.find("its identity is 0123456789abcdef"), std::string::npos) << message;
}

TEST_F(ResultsFileTest, RefusesAnUnknownState) {
  create();
  ResultsFile file(path, Access::write);
  Record strange = failed_record(sweep.unit(2));
  strange.state = static_cast<UnitState>(7);
  file.commit(std::vector{strange});
  const std::string message = thrown_by<InputError>([&] { file.states(); });
  EXPECT_NE(message.find("slot 2 has the unknown state 7"), std::string::npos) << message;
}

TEST_F(ResultsFileTest, SaysWhyItCannotBeCreated) {
  path = folder.path() / "missing" / "known.h5";
  EXPECT_NE(thrown_by<SystemError>([&] { create(); }).find("No such file or directory"), std::string::npos)
      << thrown_by<SystemError>([&] { create(); });
}

/// Seen red: with a slot's rows read from the next slot, and with rows given to units that are not done.
TEST_F(ResultsFileTest, ReadsSlotsAsRecords) {
  create();
  ResultsFile file(path, Access::write);
  const Record done = known_record(sweep, sweep.unit(13));
  file.commit(std::vector{done, failed_record(sweep.unit(14))});
  const auto records = file.read_records(12, 3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].state, UnitState::pending);
  EXPECT_TRUE(records[0].values.empty());
  EXPECT_EQ(records[1].unit, sweep.unit(13));
  EXPECT_EQ(records[1].state, UnitState::done);
  EXPECT_EQ(records[1].wall_seconds, done.wall_seconds);
  expect_same(records[1].values, done.values);
  EXPECT_EQ(records[2].state, UnitState::failed);
}

}  // namespace
}  // namespace varprop
