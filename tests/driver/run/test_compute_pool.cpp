// The threads of one process: every unit comes back once, whatever becomes of it. Gates, not clocks, decide
// what runs when.
//
// Seen red: a unit that throws taken for done; what is dropped returned as failed; the queue kept when it was
// to be cleared; want of memory told before what is finished is taken, and told twice; idle() without a look
// at what waits to be taken.
#include "driver/run/compute_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <new>
#include <set>
#include <stdexcept>

#include "core/parallel/backoff.hpp"

namespace varprop::driver {
namespace {

Unit unit(std::int64_t point) {
  return {PointIndex(point), BatchIndex(0)};
}

std::vector<Unit> units(std::int64_t count) {
  std::vector<Unit> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(unit(i));
  return all;
}

Record done(Unit unit) {
  return {unit, UnitState::done, 1, "", {static_cast<double>(unit.point.value())}};
}

/// Waits for so many records.
std::vector<Record> take(ComputePool& pool, std::size_t count) {
  std::vector<Record> all;
  for (Backoff backoff; all.size() < count; backoff.sleep()) {
    for (Record& record : pool.take_finished()) all.push_back(std::move(record));
  }
  return all;
}

/// All that comes until nothing more will.
std::vector<Record> take_all(ComputePool& pool) {
  std::vector<Record> all;
  for (Backoff backoff; !pool.idle(); backoff.sleep()) {
    for (Record& record : pool.take_finished()) all.push_back(std::move(record));
  }
  return all;
}

/// Simulates when it is let to: until then, or until it is dropped, a unit is at work.
struct Gate {
  std::latch begun{1};  ///< by the first unit
  std::atomic<bool> open = false;
  std::atomic<bool> first = true;

  Simulate simulate() {
    return [this](Unit unit, const workers::StopFlag& stop) {
      if (first.exchange(false)) begun.count_down();
      for (Backoff backoff; !open; backoff.sleep()) workers::throw_if_stopped(stop);
      return done(unit);
    };
  }
};

TEST(ComputePool, ReturnsEveryUnitOnceAsItWasSimulated) {
  ComputePool pool([](Unit unit, const workers::StopFlag&) { return done(unit); }, 4);
  pool.push(units(100));
  pool.push({unit(100), unit(101)});
  std::set<std::int64_t> points;
  for (const Record& record : take(pool, 102)) {
    EXPECT_EQ(record.state, UnitState::done);
    EXPECT_EQ(record.values, std::vector{static_cast<double>(record.unit.point.value())});
    EXPECT_TRUE(points.insert(record.unit.point.value()).second);
  }
  EXPECT_EQ(points.size(), 102u);
  EXPECT_TRUE(pool.idle());
  EXPECT_TRUE(pool.take_finished().empty());
}

TEST(ComputePool, AUnitThatThrowsFailsAlone) {
  ComputePool pool(
      [](Unit unit, const workers::StopFlag&) {
        if (unit.point == PointIndex(3)) throw std::runtime_error("three");
        return done(unit);
      },
      2);
  pool.push(units(6));
  const auto records = take(pool, 6);
  for (const Record& record : records) {
    const bool third = record.unit.point == PointIndex(3);
    EXPECT_EQ(record.state, third ? UnitState::failed : UnitState::done);
    EXPECT_EQ(record.failure, third ? "three" : "");
  }
}

TEST(ComputePool, IsIdleWhenNothingIsQueuedRunningOrWaitingToBeTaken) {
  Gate gate;
  ComputePool pool(gate.simulate(), 1);
  EXPECT_TRUE(pool.idle());
  pool.push(units(2));
  EXPECT_FALSE(pool.idle());
  gate.begun.wait();
  EXPECT_FALSE(pool.idle());
  gate.open = true;
  std::vector<Record> records;
  for (Backoff backoff; records.size() < 2; backoff.sleep()) {
    EXPECT_FALSE(pool.idle()) << "what is finished has not been taken";
    for (Record& record : pool.take_finished()) records.push_back(std::move(record));
  }
  EXPECT_TRUE(pool.idle());
}

TEST(ComputePool, ForgetsWhatNobodyHasBegunWhenItsQueueIsCleared) {
  Gate gate;
  ComputePool pool(gate.simulate(), 1);
  pool.push(units(50));
  gate.begun.wait();
  pool.clear_queue();
  gate.open = true;
  const auto records = take_all(pool);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records.front().unit, unit(0));
  EXPECT_EQ(records.front().state, UnitState::done) << "what runs may finish";
}

TEST(ComputePool, ReturnsWhatItDropsAsPendingWithTheSecondsThatItHad) {
  Gate gate;
  ComputePool pool(gate.simulate(), 1);
  pool.push(units(50));
  gate.begun.wait();
  pool.drop();
  const auto records = take_all(pool);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records.front().unit, unit(0));
  EXPECT_EQ(records.front().state, UnitState::pending);
  EXPECT_GT(records.front().wall_seconds, 0);
  EXPECT_TRUE(records.front().values.empty());
}

TEST(ComputePool, TellsOnceOfWantOfMemoryAfterWhatIsFinished) {
  ComputePool pool(
      [](Unit unit, const workers::StopFlag&) -> Record {
        if (unit.point == PointIndex(0)) return done(unit);
        throw std::bad_alloc();
      },
      1);
  pool.push(units(9));
  std::vector<Record> records;
  bool told = false;
  for (Backoff backoff; !told; backoff.sleep()) {
    try {
      for (Record& record : pool.take_finished()) records.push_back(std::move(record));
    } catch (const std::bad_alloc&) {
      told = true;
    }
  }
  ASSERT_EQ(records.size(), 1u) << "the others are dropped: they would fare no better";
  EXPECT_EQ(records.front().unit, unit(0));
  EXPECT_TRUE(pool.take_finished().empty()) << "told once";
  EXPECT_TRUE(pool.idle());
}

TEST(ComputePool, DropsWhatRunsWhenItGoes) {
  Gate gate;
  {
    ComputePool pool(gate.simulate(), 2);
    pool.push(units(10));
    gate.begun.wait();
  }
  EXPECT_FALSE(gate.open) << "nobody let them finish";
}

}  // namespace
}  // namespace varprop::driver
