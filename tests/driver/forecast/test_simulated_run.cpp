// Simulated time obeys the arithmetic of real time. Seen red: with messages that take no time, with a thread
// that computes two units at once, with rank 0 serving for nothing, with cheap units taken without regard to
// the other threads, and with calibrated times replaced by predicted ones.
#include "driver/forecast/forecast.hpp"
#include "driver/forecast/simulated_run.hpp"

#include <gtest/gtest.h>

#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop::driver {
namespace {

constexpr DispatchTimes instant{0, 0, 0, 0, 0, 0};

/// 8 points of 4096 × 64 conditional neurons, 1.05 ms a replica: all units alike.
Sweep alike(std::int64_t replicas, std::int32_t batches) {
  Sweep sweep = forecast_sweep({Width(4096)}, {Depth(64)}, replicas, batches);
  sweep.grid.activation = {Activation::parse("tanh")};
  return sweep;
}

Workload work_of(const Sweep& sweep) {
  return workload_of(sweep, Calibration(sweep));
}

SimulatedRun run(const Sweep& sweep, const Machine& machine, const DispatchTimes& times = {}) {
  return simulate_run(sweep, Calibration(sweep), machine, times);
}

TEST(SimulatedRun, OneCoreTakesAllTheWork) {
  const Sweep sweep = alike(16'000, 16);
  const SimulatedRun alone = run(sweep, {1, 1}, instant);
  EXPECT_NEAR(alone.makespan, work_of(sweep).seconds, 1e-6 * alone.makespan);
  EXPECT_NEAR(alone.efficiency, 1, 1e-6);
  EXPECT_EQ(alone.rank0_load, 0);
}

TEST(SimulatedRun, EqualUnitsRunInRounds) {
  const Sweep sweep = alike(16'000, 16);  // 128 units of 1.05 s
  const double unit = work_of(sweep).longest_unit_seconds;
  EXPECT_NEAR(run(sweep, {32, 1}, instant).makespan, 4 * unit, 1e-6);
  EXPECT_NEAR(run(sweep, {8, 4}, instant).makespan, 4 * unit, 1e-6);
  EXPECT_NEAR(run(sweep, {1000, 1}, instant).makespan, unit, 1e-6);
  EXPECT_NEAR(run(sweep, {1000, 1}, instant).efficiency, 128.0 / 1000, 1e-3);
}

TEST(SimulatedRun, EveryUnitIsComputedOnceAndNoCoreDoesMoreThanItsTime) {
  for (const std::int32_t batches : {1, 7, 64}) {
    const Sweep sweep =
        forecast_sweep({Width(1), Width(30), Width(100'000)}, {Depth(2), Depth(300)}, 448, batches);
    const Workload work = work_of(sweep);
    for (const Machine machine : {Machine{1, 1}, {1, 5}, {3, 2}, {40, 1}, {500, 3}}) {
      const SimulatedRun simulated = run(sweep, machine);
      EXPECT_NEAR(simulated.efficiency * simulated.makespan * machine.cores(), work.seconds,
                  1e-6 * work.seconds);
      EXPECT_LE(simulated.efficiency, 1);
      EXPECT_GE(simulated.makespan, work.longest_unit_seconds);
      EXPECT_LE(simulated.rank0_load, 1);
    }
  }
}

/// A list schedule takes at most work over cores and one longest unit; dealing ahead may add one more.
TEST(SimulatedRun, KeepsTheBoundOfListSchedules) {
  const Sweep sweep = forecast_sweep({Width(1), Width(30), Width(100'000)}, {Depth(2), Depth(300)}, 448, 64);
  const Workload work = work_of(sweep);
  for (const Machine machine : {Machine{1, 5}, {3, 2}, {40, 1}}) {
    const double bound = work.seconds / machine.cores() + 2 * work.longest_unit_seconds;
    EXPECT_LE(run(sweep, machine, instant).makespan, bound);
  }
}

TEST(SimulatedRun, CheapUnitsAreSharedAmongThreads) {
  Sweep sweep = forecast_sweep({Width(8)}, {Depth(4)}, 16, 16);
  sweep.replicas = 160'000;
  sweep.batches = 10'000;  // 160 000 units of some 20 us
  const SimulatedRun simulated = run(sweep, {2, 8}, instant);
  EXPECT_GT(simulated.efficiency, 0.9);
}

TEST(SimulatedRun, MessagesAndRank0CostTime) {
  const Sweep sweep = alike(16'000, 16);
  const double unit = work_of(sweep).longest_unit_seconds;
  DispatchTimes slow = instant;
  slow.message = 0.25;
  EXPECT_NEAR(run(sweep, {128, 1}, slow).makespan, 0.25 + unit + 0.25, 1e-6);
  DispatchTimes busy = instant;
  busy.unit = 0.5;
  const SimulatedRun served = run(sweep, {128, 1}, busy);
  EXPECT_NEAR(served.makespan, unit + 128 * 0.5, 1e-6);
  EXPECT_NEAR(served.rank0_load, 64 / served.makespan, 1e-6);
}

TEST(SimulatedRun, UsesCalibratedTimes) {
  const Sweep sweep = alike(16'000, 16);
  Calibration slow(sweep);
  slow.add(0, 1, 5);
  EXPECT_NEAR(simulate_run(sweep, slow, {32, 1}, instant).makespan, 5 * run(sweep, {32, 1}, instant).makespan,
              1e-6);
}

/// The promise of docs/running.md, and its scale: units whose costs span a factor of 6400.
TEST(SimulatedRun, AMillionUnitsKeepTenThousandRanksAtWork) {
  Sweep sweep = forecast_sweep({Width(1000), Width(10'000), Width(100'000)},
                               {Depth(4), Depth(64), Depth(256)}, 6944 * 160, 6944);
  sweep.grid.activation[1] = Activation::parse("gelu");
  const SimulatedRun simulated = run(sweep, {10'000, 1});
  EXPECT_GT(sweep.unit_count(), 990'000);
  EXPECT_GE(simulated.efficiency, 0.9) << simulated.makespan << " s, load " << simulated.rank0_load;
}

/// Seen red: with cheap units at the end, which rank 0 then deals alone (0.85).
TEST(SimulatedRun, HalfAMillionUnitsOfMicrosecondsHideBehindExpensiveOnes) {
  Sweep sweep = forecast_sweep({Width(10), Width(100'000)}, {Depth(256)}, 31'250 * 16, 31'250);
  sweep.grid.activation = {Activation::parse("tanh")};
  const SimulatedRun simulated = run(sweep, {10'000, 1});
  EXPECT_EQ(sweep.unit_count(), 500'000);
  EXPECT_GE(simulated.efficiency, 0.93) << simulated.makespan << " s, load " << simulated.rank0_load;
}

/// An expensive unit for every core, and ten cheap ones of a hundredth. Seen red: with every expensive unit
/// held back until its share of the cheap ones is dealt (0.49).
TEST(SimulatedRun, CheapUnitsHoldNoExpensiveOneBack) {
  std::vector<Width> widths{Width(100'000)};
  for (int n = 991; n <= 1000; ++n) widths.insert(widths.end() - 1, Width(n));
  Sweep sweep = forecast_sweep(widths, {Depth(256)}, 1250 * 400, 1250);
  sweep.grid.activation = {Activation::parse("tanh")};
  ASSERT_EQ(sweep.unit_count(), 110'000);
  const SimulatedRun simulated = run(sweep, {10'000, 1});
  EXPECT_GE(simulated.efficiency, 0.9) << simulated.makespan;
}

}  // namespace
}  // namespace varprop::driver
