// Rank 0's part of a sweep, with the test as all other ranks: who is sent what, what is written, how it ends.
//
// Seen red: rank 0's own work sent as a message; failed units taken for done; results that come after the
// stop thrown away; running units left to finish where a rank ran out of memory; silent ranks taken for ranks
// that are done; a file that was overwritten not looked at again.
#include "driver/run/coordinator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <new>
#include <set>
#include <sstream>

#include "core/sweep/record.hpp"
#include "driver/run/ranks.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/scripted_communicator.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// A new results file, this process's pool of one thread, and two more ranks that answer everything at once.
struct CoordinatorTest : testing::Test {
  TemporaryFolder folder;
  Sweep sweep = known_sweep();
  std::filesystem::path path = folder / "r.h5";
  ResultsFile file = new_file();
  EventLog log{path};
  Progress progress{ProgressMode::none};
  Deadline deadline = Deadline::from(std::nullopt);
  Fault fault;
  Patience patience;
  Calibration expected = Calibration::fixed(sweep, 1);
  ScriptedCommunicator ranks{0, 3};
  double grace = 30;
  int failing = 0;  ///< so many units fail
  std::mutex mutex;
  std::set<std::int64_t> dealt;  ///< slots, to whomever
  std::set<int> done_ranks;
  std::string reason, said;  ///< by the run, and on stderr
  bool all_left = false;

  CoordinatorTest() {
    ranks.on_send = [this](const Message& message) { answer(message); };
  }

  ResultsFile new_file() {
    ResultsFile::create(path, sweep, known_provenance());
    return ResultsFile(path, ResultsFile::Access::write);
  }

  /// As a rank that computes in no time would.
  void answer(const Message& message) {
    if (message.tag == tag_work) {
      std::vector<Record> records;
      for (const Unit unit : pack_from_bytes(sweep, message.body)) records.push_back(computed(unit));
      ranks.arrive(message.source, tag_results, to_bytes(records));
    }
    if (message.tag == tag_stop && done_ranks.insert(message.source).second) {
      ranks.arrive(message.source, tag_done, {});
    }
  }

  /// By this process's thread or by another rank: every unit once.
  Record computed(Unit unit) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(dealt.insert(sweep.slot(unit)).second);
    return failing > 0 && failing-- > 0 ? failed_record(unit) : known_record(sweep, unit);
  }

  ExitCode run() {
    ComputePool pool([this](Unit unit, const workers::StopFlag&) { return computed(unit); }, 1);
    Coordinator coordinator({ranks, file, pool, log, progress, deadline, fault, patience, expected},
                            {1, 1, 1}, grace);
    testing::internal::CaptureStderr();
    const auto told = [this] { said = testing::internal::GetCapturedStderr(); };
    try {
      const ExitCode code = coordinator.run();
      told();
      reason = coordinator.reason();
      all_left = coordinator.everybody_left();
      return code;
    } catch (...) {
      told();
      throw;
    }
  }

  std::int64_t count(UnitState state) const {
    const auto states = ResultsFile(path, ResultsFile::Access::read).states();
    return std::count(states.begin(), states.end(), state);
  }
  std::string logged() const {
    std::ostringstream text;
    text << std::ifstream(path.string() + ".log.jsonl").rdbuf();
    return text.str();
  }
};

TEST_F(CoordinatorTest, HasEveryUnitComputedOnceAndWritten) {
  EXPECT_EQ(run(), ExitCode::complete);
  EXPECT_TRUE(all_left);
  EXPECT_EQ(reason, "");
  EXPECT_EQ(static_cast<std::int64_t>(dealt.size()), sweep.unit_count());
  EXPECT_EQ(count(UnitState::done), sweep.unit_count());
  for (const Record& record : file.read_records(0, sweep.unit_count())) {
    EXPECT_EQ(record.values[0], known_record(sweep, record.unit).values[0]);
  }
  EXPECT_FALSE(ranks.sent(tag_work).empty());
  for (const Message& message : ranks.sent(tag_work))
    EXPECT_NE(message.source, 0) << "rank 0 has its own pool";
  ASSERT_EQ(ranks.sent(tag_stop).size(), 2u) << "each is told once";
  for (const Message& message : ranks.sent(tag_stop)) EXPECT_EQ(message.body, Bytes{std::byte{0}});
}

TEST_F(CoordinatorTest, ComputesOnlyWhatTheFileLacks) {
  file.commit(std::vector{known_record(sweep, sweep.unit(0)), failed_record(sweep.unit(7))});
  EXPECT_EQ(run(), ExitCode::complete);
  EXPECT_EQ(dealt.count(0), 0u);
  EXPECT_EQ(dealt.count(7), 1u) << "failed units are tried again";
  EXPECT_EQ(count(UnitState::done), sweep.unit_count());
}

TEST_F(CoordinatorTest, WritesFailedUnitsTellsOfTheFirstAndLogsAll) {
  failing = 25;
  EXPECT_EQ(run(), ExitCode::some_points_failed);
  EXPECT_EQ(count(UnitState::failed), 25);
  EXPECT_EQ(count(UnitState::done), sweep.unit_count() - 25);
  EXPECT_EQ(times(said, "failed: for the test"), 20u) << said;
  EXPECT_EQ(times(said, "further failures are told in the event log alone"), 1u);
  EXPECT_EQ(times(logged(), "unit_failed"), 25u);
}

TEST_F(CoordinatorTest, KeepsWhatComesInAfterTheStop) {
  std::vector<Record> late;
  ranks.on_send = [&](const Message& message) {
    if (message.tag == tag_work && message.source == 1 && late.empty()) {
      late.push_back(computed(pack_from_bytes(sweep, message.body).front()));
      ranks.arrive(1, tag_trouble, {});  // ends the run while others are at work
    } else if (message.tag == tag_stop) {
      if (message.source == 1) ranks.arrive(1, tag_results, to_bytes(late));
      ranks.arrive(message.source, tag_done, {});
    }
  };
  EXPECT_THROW(run(), std::bad_alloc);
  EXPECT_EQ(file.states()[static_cast<std::size_t>(sweep.slot(late.front().unit))], UnitState::done);
}

TEST_F(CoordinatorTest, DropsEverythingWhereARankRunsOutOfMemory) {
  ranks.on_send = [this](const Message& message) {
    if (message.tag == tag_work && message.source == 2) ranks.arrive(2, tag_trouble, {});
    if (message.tag == tag_stop) ranks.arrive(message.source, tag_done, {});
  };
  EXPECT_THROW(run(), std::bad_alloc);
  EXPECT_NE(said.find("rank 2 ran out of memory"), std::string::npos) << said;
  EXPECT_FALSE(ranks.sent(tag_stop).empty());
  for (const Message& message : ranks.sent(tag_stop)) EXPECT_EQ(message.body, Bytes{std::byte{1}});
}

TEST_F(CoordinatorTest, LeavesWithoutARankThatDoesNotAnswer) {
  patience.answer = grace = 0.05;
  ranks.on_send = [this](const Message& message) {
    if (message.tag == tag_work || message.source == 1) answer(message);
  };
  EXPECT_EQ(run(), ExitCode::complete) << "all is there";
  EXPECT_FALSE(all_left);
  EXPECT_NE(said.find("1 rank does not answer: leaving without it"), std::string::npos) << said;
  const auto stops = ranks.sent(tag_stop);
  EXPECT_EQ(stops.front().body, Bytes{std::byte{0}}) << "first it may finish";
  EXPECT_EQ(stops.back().body, Bytes{std::byte{1}});
}

TEST_F(CoordinatorTest, FailsWithTheReasonWhereTheDeadlineLeftNoTime) {
  deadline = Deadline::from(1e-9);
  EXPECT_EQ(run(), ExitCode::failure);
  EXPECT_NE(reason.find("not one unit could begin before the time limit of"), std::string::npos) << reason;
  EXPECT_TRUE(ranks.sent(tag_work).empty());
  EXPECT_TRUE(all_left);
}

TEST_F(CoordinatorTest, NoticesThatTheFileWasOverwritten) {
  const auto empty = folder / "empty.h5";
  std::filesystem::copy_file(path, empty);
  patience.commit = 0;  // all is written by the time of the stop
  ranks.on_send = [&](const Message& message) {
    answer(message);
    if (message.tag == tag_stop) {
      std::filesystem::copy_file(empty, path, std::filesystem::copy_options::overwrite_existing);
    }
  };
  EXPECT_EQ(run(), ExitCode::failure);
  EXPECT_NE(reason.find("was overwritten while this run wrote to it: of "), std::string::npos) << reason;
}

}  // namespace
}  // namespace varprop::driver
