// SIGKILL at random moments: the file opens, every acknowledged slot is there, every slot that says done is
// right.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/storage/companion_paths.hpp"
#include "core/storage/results_file.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop {
namespace {

using Access = ResultsFile::Access;

constexpr int slots_per_commit = 7;  // not a divisor of the batches: commits begin and end within points

/// Commits all units over and over, one byte to `report` after each commit.
void write_for_ever(const std::filesystem::path& path, const Sweep& sweep, int report) {
  ResultsFile file(path, Access::write);
  const HeldUnits& units = file.units();
  for (std::int64_t begin = 0;; begin = (begin + slots_per_commit) % units.count()) {
    std::vector<Record> records;
    for (std::int64_t i = begin; i < std::min(begin + slots_per_commit, units.count()); ++i) {
      records.push_back(known_record(sweep, sweep.unit(units.slot(i))));
    }
    file.commit(records);
    if (::write(report, "!", 1) != 1) return;
  }
}

/// Slots whose state is done although a number in them is not the known one.
std::int64_t wrong_slots(const ResultsFile& file) {
  const Sweep& sweep = file.sweep();
  const RecordLayout layout(sweep);
  const auto states = file.states();
  std::vector<char> wrong(states.size());
  for (std::size_t d = 0; d < layout.datasets().size(); ++d) {
    const auto values = file.read(layout.datasets()[d].name, PointIndex(0), sweep.point_count());
    for (std::size_t slot = 0; slot < states.size(); ++slot) {
      if (states[slot] != UnitState::done) continue;
      const Record known = known_record(sweep, sweep.unit(static_cast<std::int64_t>(slot)));
      for (std::int64_t i = 0; i < layout.length(d); ++i) {
        const double found =
            values[slot * static_cast<std::size_t>(layout.length(d)) + static_cast<std::size_t>(i)];
        const double wanted = known.values[static_cast<std::size_t>(layout.offset(d) + i)];
        if (found != wanted && !(std::isnan(found) && std::isnan(wanted))) wrong[slot] = 1;
      }
    }
  }
  return std::count(wrong.begin(), wrong.end(), 1);
}

/// Kills writers of files of these units.
void expect_safe_commits(const Sweep& sweep, const HeldUnits& units) {
  const TemporaryFolder folder;
  const auto path = folder / "known.h5";
  std::minstd_rand random(1);
  for (int kill = 0; kill < 40; ++kill) {
    ResultsFile::create(path, sweep, units, known_provenance());
    ChildProcess writer([&](int report) { write_for_ever(path, sweep, report); });
    const auto acknowledged = static_cast<std::int64_t>(random() % 12);
    for (std::int64_t i = 0; i < acknowledged; ++i) ASSERT_EQ(writer.next_byte(), '!');
    ::usleep(static_cast<useconds_t>(random() % 3000));  // somewhere in the next commits
    writer.kill();
    const ResultsFile file(path, Access::read);
    const auto records = file.read_records(0, acknowledged * slots_per_commit);
    const auto done = [](const Record& record) { return record.state == UnitState::done; };
    EXPECT_TRUE(std::all_of(records.begin(), records.end(), done)) << "kill " << kill;
    EXPECT_EQ(wrong_slots(file), 0) << "kill " << kill;
  }
}

TEST(KilledWriter, LosesNoCommittedSlotAndLeavesNoWrongOne) {
  expect_safe_commits(known_sweep(), HeldUnits(known_sweep()));
}

TEST(KilledWriter, IsAsHarmlessToAShard) {
  expect_safe_commits(known_sweep(), known_shard(known_sweep(), {1, 2}));
}

TEST(KilledWriter, CreatesWholeFilesOrNone) {
  const TemporaryFolder folder;
  const Sweep sweep = known_sweep();
  const auto path = folder / "known.h5";
  std::minstd_rand random(2);
  for (int kill = 0; kill < 20; ++kill) {
    ChildProcess creator([&](int report) {
      ResultsFile::create(path, sweep, known_provenance(), [&](double) {
        if (::write(report, "!", 1) != 1) return;
      });
      ::pause();
    });
    for (auto heard = random() % 30; heard > 0; --heard) {
      if (creator.next_byte() < 0) break;
      if (heard > 24) break;
    }
    ::usleep(static_cast<useconds_t>(random() % 2000));
    creator.kill();
    if (std::filesystem::exists(path)) {
      EXPECT_NO_THROW(ResultsFile(path, Access::read)) << "kill " << kill;
    }
    std::filesystem::remove(path);
  }
  ResultsFile::create(path, sweep, known_provenance());
  EXPECT_EQ(folder.count(), 1u) << "what a killed creation left is replaced";
}

}  // namespace
}  // namespace varprop
