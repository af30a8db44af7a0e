// Records that are written in groups: nothing before it is time to, all of it then.
//
// Seen red: a commit at every call; the size of what waits left out of account; records committed twice.
#include "driver/run/group_commit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

constexpr double never = 1e9;  ///< seconds

struct GroupCommitTest : testing::Test {
  TemporaryFolder folder;
  Sweep sweep = known_sweep();

  ResultsFile new_file() {
    ResultsFile::create(folder / "r.h5", sweep, known_provenance());
    return ResultsFile(folder / "r.h5", ResultsFile::Access::write);
  }
  std::vector<Record> records(std::int64_t first, std::int64_t count) const {
    std::vector<Record> all;
    for (std::int64_t slot = first; slot < first + count; ++slot)
      all.push_back(known_record(sweep, sweep.unit(slot)));
    return all;
  }
  /// As another reader sees it.
  std::int64_t done() const {
    const auto states = ResultsFile(folder / "r.h5", ResultsFile::Access::read).states();
    return std::count(states.begin(), states.end(), UnitState::done);
  }
};

TEST_F(GroupCommitTest, WritesNothingBeforeItIsDueAndAllAtLast) {
  auto file = new_file();
  GroupCommit commits(file, {}, never);
  commits.add(records(0, 3));
  commits.commit_if_due();
  commits.add(records(10, 2));
  commits.commit_if_due();
  EXPECT_EQ(done(), 0);
  EXPECT_EQ(commits.longest_seconds(), 0);
  commits.commit();
  EXPECT_EQ(done(), 5);
  EXPECT_GT(commits.longest_seconds(), 0);
  EXPECT_EQ(file.read_records(11, 1)[0].values[0], known_record(sweep, sweep.unit(11)).values[0]);
}

TEST_F(GroupCommitTest, IsDueWhenItsTimeHasCome) {
  auto file = new_file();
  GroupCommit commits(file, {}, 0);
  commits.commit_if_due();
  EXPECT_EQ(commits.longest_seconds(), 0) << "there is nothing to commit";
  commits.add(records(0, 3));
  commits.commit_if_due();
  EXPECT_EQ(done(), 3);
}

TEST_F(GroupCommitTest, IsDueWhenMuchWaits) {
  sweep.grid = {{sweep.grid.activation[0]},    {sweep.grid.weights[0]}, {sweep.grid.weight_variance[0]},
                {sweep.grid.bias_variance[0]}, {sweep.grid.width[0]},   {sweep.grid.depth[1]}};
  sweep.measures = {Quantity::backward};
  sweep.replicas = 4 * 2'100'000;  // 16.8 MB of ln g_1 a record
  auto file = new_file();
  GroupCommit commits(file, {}, never);
  for (std::int64_t slot = 0; slot < 4; ++slot) {
    EXPECT_EQ(done(), 0) << "before the " << slot + 1 << ". record";
    commits.add(records(slot, 1));
    commits.commit_if_due();
  }
  EXPECT_EQ(done(), 4) << "64 MB wait no longer";
}

TEST_F(GroupCommitTest, CommitsEveryRecordOnce) {
  auto file = new_file();
  GroupCommit commits(file, {}, never);
  commits.add(records(0, 2));
  commits.commit();
  file.commit(std::vector{failed_record(sweep.unit(0))});
  commits.add(records(5, 1));
  commits.commit();
  EXPECT_EQ(done(), 2) << "what was written before is let go";
}

}  // namespace
}  // namespace varprop::driver
