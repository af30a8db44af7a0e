// Batches that mend a sweep of too long units. Seen red: with batches that do not divide the replicas, with
// the simulation of the old batches, and with a remedy offered where it mends nothing.
#include "driver/forecast/remedy.hpp"

#include <gtest/gtest.h>

#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop {
namespace {

struct Case {
  Sweep sweep;
  Machine machine;
  Calibration calibration{sweep};
  Workload work = workload_of(sweep, calibration);
  SimulatedRun run = simulate_run(sweep, calibration, machine);

  std::optional<Remedy> remedy() const { return find_remedy(sweep, work, calibration, machine, run); }
};

TEST(Remedy, MoreBatchesFreeTheCoresThatWait) {
  const Case slow{forecast_sweep({Width(10), Width(100'000)}, {Depth(4), Depth(300)}, 900, 2), {64, 1}};
  EXPECT_TRUE(held_up_by_longest_unit(slow.work, slow.run)) << slow.run.efficiency;
  const auto remedy = slow.remedy();
  ASSERT_TRUE(remedy);
  EXPECT_GT(remedy->batches, 2);
  EXPECT_EQ(900 % remedy->batches, 0);
  EXPECT_GT(remedy->run.efficiency, 0.9);
  EXPECT_LT(remedy->run.makespan, 0.6 * slow.run.makespan);
  Sweep mended = slow.sweep;
  mended.batches = remedy->batches;
  EXPECT_EQ(simulate_run(mended, slow.calibration, slow.machine).makespan, remedy->run.makespan);
}

TEST(Remedy, NoneIsNeededWhereCoresAreBusy) {
  const Case busy{forecast_sweep({Width(10), Width(100'000)}, {Depth(4), Depth(300)}, 900, 90), {8, 1}};
  EXPECT_FALSE(held_up_by_longest_unit(busy.work, busy.run)) << busy.run.efficiency;
}

TEST(Remedy, NoneIsOfferedWhereUnitsCannotBeSmaller) {
  const Case few{forecast_sweep({Width(100'000)}, {Depth(300)}, 2, 2), {640, 1}};
  EXPECT_TRUE(held_up_by_longest_unit(few.work, few.run));
  EXPECT_FALSE(few.remedy());
}

TEST(Remedy, NoneIsOfferedWhereItWouldMendNothing) {
  const Case tiny{forecast_sweep({Width(8)}, {Depth(4)}, 900, 2), {640, 1}};
  EXPECT_FALSE(tiny.remedy());
}

}  // namespace
}  // namespace varprop
