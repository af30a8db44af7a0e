// A sweep's text reaches the other ranks as it was typed, byte for byte; and
// a rank that computes what rank 0 sends, with the test as rank 0.
//
// Seen red: work taken after a stop; a stop that drops taken for one that lets finish; a message for every
// record while others are under way; want of memory told again and again; all overrides but the first
// forgotten; a text cut at its first zero; a verdict of one digit.
#include "driver/run/ranks.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <set>

#include "core/parallel/backoff.hpp"
#include "core/sweep/record.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/scripted_communicator.hpp"

namespace varprop::driver {
namespace {

TEST(Setup, ArrivesAsItWasSent) {
  using namespace std::string_literals;
  const SweepText sent{"a:b.toml", "3:x\n\xff\0[grid]"s, {"", "grid.width=[64,128]", "7:"}, ""};
  const auto [came, format] = setup_from_bytes(setup_to_bytes({sent, {1, 12}}));
  EXPECT_EQ(format, (FormatVersion{1, 12}));
  EXPECT_EQ(came.file_name, sent.file_name);
  EXPECT_EQ(came.file_text, sent.file_text);
  EXPECT_EQ(came.overrides, sent.overrides);
  EXPECT_EQ(came.engine, sent.engine);
  EXPECT_EQ(setup_from_bytes(setup_to_bytes({{"a", "", {}, "radial"}, first_format})).text.overrides.size(),
            0u);
}

TEST(Setup, HasVerdicts) {
  for (const ExitCode code : {ExitCode::complete, ExitCode::bad_input, ExitCode::stopped_early})
    EXPECT_EQ(verdict_from_bytes(verdict_to_bytes(code)), code);
}

struct FollowerTest : testing::Test {
  Sweep sweep = known_sweep();
  ScriptedCommunicator rank{1, 2};
  std::size_t received = 0;  ///< records that rank 0 has by now

  FollowerTest() {
    rank.on_send = [this](const auto& message) {
      if (message.tag == tag_results) received += records_from_bytes(message.body).size();
    };
  }

  Simulate known() const {
    return [this](Unit unit, const workers::StopFlag&) { return known_record(sweep, unit); };
  }
  void send_work(std::int64_t first, std::int64_t count) {
    std::vector<Unit> pack;
    for (std::int64_t slot = first; slot < first + count; ++slot) pack.push_back(sweep.unit(slot));
    rank.arrive(0, tag_work, pack_to_bytes(sweep, pack));
  }
  void send_stop(bool drop) { rank.arrive(0, tag_stop, {std::byte{drop}}); }
  std::vector<Record> results() const {
    std::vector<Record> all;
    for (const auto& message : rank.sent(tag_results)) {
      for (Record& record : records_from_bytes(message.body)) all.push_back(std::move(record));
    }
    return all;
  }
  void expect_done_at_the_end() const {
    ASSERT_FALSE(rank.sent().empty());
    EXPECT_EQ(rank.sent().back().tag, tag_done);
    EXPECT_EQ(rank.sent(tag_done).size(), 1u);
    for (const auto& message : rank.sent()) EXPECT_EQ(message.source, 0) << "all goes to rank 0";
  }
};

TEST_F(FollowerTest, SendsTheRecordOfEveryUnitAndThenThatItIsDone) {
  ComputePool pool(known(), 2);
  send_work(0, 5);
  send_work(40, 3);
  rank.on_look = [&] {
    if (received == 8) send_stop(false), received = 0;
  };
  follow(rank, sweep, pool);
  std::set<std::int64_t> slots;
  for (const Record& record : results()) {
    const std::int64_t slot = sweep.slot(record.unit);
    slots.insert(slot);
    EXPECT_EQ(record.values[0], known_record(sweep, record.unit).values[0]) << slot;
  }
  EXPECT_EQ(slots, (std::set<std::int64_t>{0, 1, 2, 3, 4, 40, 41, 42}));
  expect_done_at_the_end();
}

TEST_F(FollowerTest, TakesNoWorkAfterAStop) {
  ComputePool pool(known(), 1);
  send_stop(false);
  send_work(0, 5);
  follow(rank, sweep, pool);
  EXPECT_TRUE(results().empty());
  expect_done_at_the_end();
}

TEST_F(FollowerTest, LetsFinishOrDropsWhatRunsAsItIsTold) {
  for (const bool drop : {false, true}) {
    ScriptedCommunicator again{1, 2};
    std::atomic<bool> begun = false;
    std::atomic<bool> told = false;
    ComputePool pool(
        [&](Unit unit, const workers::StopFlag& stop) {
          begun = true;
          for (Backoff backoff; !told; backoff.sleep()) {
          }
          workers::throw_if_stopped(stop);
          return known_record(sweep, unit);
        },
        1);
    again.arrive(0, tag_work, pack_to_bytes(sweep, {sweep.unit(0), sweep.unit(1)}));
    int looks = 0;
    again.on_look = [&] {
      if (begun && looks++ == 0) {
        again.arrive(0, tag_stop, {std::byte{drop}});
        again.arrive(0, tag_work, pack_to_bytes(sweep, {sweep.unit(9)}));
      }
      if (looks > 1) told = true;  // the stop was taken in the look before
    };
    follow(again, sweep, pool);
    const auto messages = again.sent(tag_results);
    ASSERT_EQ(messages.size(), 1u);
    const auto records = records_from_bytes(messages.front().body);
    ASSERT_EQ(records.size(), 1u) << "what had not begun is forgotten, and no more is taken";
    EXPECT_EQ(records.front().unit, sweep.unit(0));
    EXPECT_EQ(records.front().state, drop ? UnitState::pending : UnitState::done);
    EXPECT_EQ(again.sent().back().tag, tag_done);
  }
}

TEST_F(FollowerTest, GathersWhatIsFinishedWhileRank0IsBusy) {
  ComputePool pool(known(), 1);
  send_work(0, 20);
  rank.unfinished = 2;
  int looks = 0;
  rank.on_look = [&] {
    if (++looks < 10) return;
    EXPECT_TRUE(looks > 10 || rank.sent(tag_results).empty());
    rank.unfinished = 0;
    if (received == 20) send_stop(false), received = 0;
  };
  follow(rank, sweep, pool);
  EXPECT_EQ(results().size(), 20u);
  expect_done_at_the_end();
}

TEST_F(FollowerTest, TellsRank0ThatItsMemoryIsFull) {
  ComputePool pool([](Unit, const workers::StopFlag&) -> Record { throw std::bad_alloc(); }, 1);
  send_work(0, 3);
  rank.on_send = [this](const auto& message) {
    if (message.tag == tag_trouble) send_stop(true);
  };
  follow(rank, sweep, pool);
  EXPECT_EQ(rank.sent(tag_trouble).size(), 1u);
  EXPECT_TRUE(results().empty());
  expect_done_at_the_end();
}

}  // namespace
}  // namespace varprop::driver
