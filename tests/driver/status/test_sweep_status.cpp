// Counts, costs, failures and jobs from a results file and its log. Seen red: with failed units counted as
// done, with the cost of done units in what remains, with the first reason kept instead of the last, and with
// reasons looked up without the batch.
#include "driver/status/sweep_status.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "driver/schedule/cost.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop::driver {
namespace {

struct SweepStatusTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path results = folder / "known.h5";
  Sweep sweep = known_sweep();

  void SetUp() override { ResultsFile::create(results, sweep, known_provenance()); }

  double predicted(std::int64_t slot) const {
    return predicted_seconds(sweep, sweep.point(sweep.unit(slot).point));
  }

  void commit(std::vector<Record> records) {
    ResultsFile(results, ResultsFile::Access::write).commit(records);
  }

  /// A done unit that took `factor` times what was predicted.
  Record done(std::int64_t slot, double factor) const {
    Record record = known_record(sweep, sweep.unit(slot));
    record.wall_seconds = factor * predicted(slot);
    return record;
  }

  void log_failure(std::int64_t slot, const std::string& reason) {
    const Unit unit = sweep.unit(slot);
    EventLog(results).record("unit_failed",
                             {{"point", canonical_text(sweep.point(unit.point), sweep.network)},
                              {"batch", unit.batch.value() + 1},
                              {"reason", reason}});
  }
};

TEST_F(SweepStatusTest, CountsAndPredictsAFreshFile) {
  const SweepStatus status = read_status(results);
  EXPECT_EQ(status.points, sweep.point_count());
  EXPECT_EQ(status.units, sweep.unit_count());
  EXPECT_EQ(status.pending, sweep.unit_count());
  EXPECT_EQ(status.identity, identity(sweep));
  double all = 0;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) all += predicted(slot);
  EXPECT_NEAR(status.remaining_seconds, all, 1e-9 * all);
  EXPECT_EQ(status.pace, 1);
  EXPECT_TRUE(status.jobs.empty() && status.failures.empty() && !status.writer && !status.seconds_left());
}

TEST_F(SweepStatusTest, ScalesWhatRemainsByWhatWasMeasured) {
  std::vector<Record> records;
  double rest = 0;
  const std::int64_t half = sweep.unit_count() / 2;  // all of tanh; leaky_relu is known by it
  for (std::int64_t slot = 0; slot < half; ++slot) records.push_back(done(slot, 3));
  for (std::int64_t slot = half; slot < sweep.unit_count(); ++slot) rest += predicted(slot);
  commit(records);
  commit({failed_record(sweep.unit(half + 1))});
  const SweepStatus status = read_status(results);
  EXPECT_EQ(status.done, half);
  EXPECT_EQ(status.failed, 1);
  EXPECT_EQ(status.pending, half - 1);
  EXPECT_NEAR(status.pace, 3, 1e-9);
  EXPECT_NEAR(status.remaining_seconds, 3 * rest, 1e-9 * rest);
}

TEST_F(SweepStatusTest, TellsTheLastReasonOfWhatIsStillFailed) {
  commit({failed_record(sweep.unit(5)), failed_record(sweep.unit(6)), failed_record(sweep.unit(9))});
  commit({done(9, 1)});
  log_failure(5, "first");
  log_failure(6, "another batch");
  log_failure(9, "mended since");
  log_failure(5, "last");
  const auto failures = read_status(results).failures;
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_EQ(failures[0].batch, 2);
  EXPECT_EQ(failures[0].reason, "last");
  EXPECT_EQ(failures[0].point, canonical_text(sweep.point(PointIndex(1)), sweep.network));
  EXPECT_EQ(failures[1].reason, "another batch");
}

TEST_F(SweepStatusTest, WithoutALogOnlyReasonsAndJobsAreUnknown) {
  commit({done(0, 1), failed_record(sweep.unit(5))});
  const SweepStatus status = read_status(results);
  EXPECT_EQ(status.done, 1);
  ASSERT_EQ(status.failures.size(), 1u);
  EXPECT_EQ(status.failures[0].reason, "");
  EXPECT_NE(status_page(status).find("does not tell why"), std::string::npos);
}

TEST_F(SweepStatusTest, TellsTheJobsAndHowTheyEnded) {
  EventLog log(results);
  log.record("begin", {{"process", "process 1 on a"}, {"done", 0}, {"ranks", 2}, {"threads", 8}});
  log.record("begin", {{"process", "process 2 on b"}, {"done", 3}, {"ranks", 1}, {"threads", 4}});
  log.record("end", {{"code", 75}, {"done", 7}});
  const auto jobs = read_status(results).jobs;
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(jobs[0].process, "process 1 on a");
  EXPECT_EQ(jobs[0].threads, 8);
  EXPECT_FALSE(jobs[0].code) << "killed";
  EXPECT_EQ(jobs[1].code, 75);
  EXPECT_EQ(jobs[1].done_at_begin, 3);
  EXPECT_EQ(jobs[1].done_at_end, 7);
}

TEST_F(SweepStatusTest, SpeaksJsonWithEverythingInIt) {
  commit({done(0, 2), failed_record(sweep.unit(5))});
  log_failure(5, "a \"quote\" and \xff");
  const auto json = Json::parse(status_json(read_status(results)));
  EXPECT_EQ(json["done"], 1);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["pending"], sweep.unit_count() - 2);
  EXPECT_EQ(json["failures"][0]["batch"], 2);
  EXPECT_TRUE(json["writer"].is_null());
  EXPECT_TRUE(json["jobs"].empty());
}

/// Seen red: with a missing file called missing, whoever is creating it.
TEST_F(SweepStatusTest, SaysWhoIsOnlyCreatingTheFile) {
  std::filesystem::rename(results, folder / "known.h5.creating");
  ChildProcess writer([this](int report) {
    const WriterLock lock(results);
    if (::write(report, "!", 1) == 1) ::pause();
  });
  ASSERT_EQ(writer.next_byte(), '!');
  const std::string message = thrown_by([&] { read_status(results); });
  EXPECT_NE(message.find("only being created, by process " + std::to_string(writer.id())), std::string::npos)
      << message;
}

TEST_F(SweepStatusTest, RefusesWhatIsNoResultsFile) {
  EXPECT_THROW(read_status(folder / "none.h5"), InputError);
}

}  // namespace
}  // namespace varprop::driver
