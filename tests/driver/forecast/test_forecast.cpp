// The whole forecast, and its two faces. Seen red: with memory that forgets the threads, with times rounded
// down in the job's header, and with the number of units left out of rank 0's memory.
// Batches that mend a sweep of too long units. Seen red: with batches that do not divide the replicas, with
// the simulation of the old batches, and with a remedy offered where it mends nothing.
#include "driver/forecast/forecast.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/json.hpp"
#include "core/storage/file_size.hpp"
#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop::driver {
namespace {

Sweep sweep() {
  return forecast_sweep({Width(64), Width(4096)}, {Depth(4), Depth(99)}, 400, 4);
}

Speed as_modelled(const Sweep& sweep) {
  return {Speed::Source::model, Calibration(sweep)};
}

TEST(Forecast, AgreesWithWhatItIsMadeOf) {
  const Forecast result = forecast(sweep(), {4, 2}, as_modelled(sweep()));
  EXPECT_EQ(result.file_bytes, predicted_file_size(sweep()));
  EXPECT_EQ(result.padding_bytes, padding_bytes(sweep()));
  EXPECT_NE(result.longest_point.find("width=4096;depth=99"), std::string::npos);
  ASSERT_TRUE(result.run);
  EXPECT_EQ(result.makespan(), result.run->makespan);
}

TEST(Forecast, ASweepTooLargeToSimulateHasABound) {
  Sweep huge = sweep();
  huge.batches = 1 << 22;
  huge.replicas = huge.batches;
  const Forecast result = forecast(huge, {4, 2}, as_modelled(huge));
  EXPECT_FALSE(result.run);
  EXPECT_NEAR(result.makespan(), result.work.seconds / 8, 1e-9 * result.makespan());
  EXPECT_NE(forecast_page(result).find("at least"), std::string::npos);
}

TEST(Memory, GrowsWithWhatIsHeld) {
  const Memory base = memory_of(sweep(), {4, 2});
  Sweep finer = sweep();
  finer.replicas = 16'000'000;
  finer.batches = 4'000'000;
  EXPECT_GT(memory_of(finer, {4, 2}).rank0, base.rank0 + 2.0 * static_cast<double>(finer.unit_count()));
  EXPECT_NEAR(memory_of(finer, {4, 2}).others, base.others, 1e6);
  EXPECT_EQ(memory_of(sweep(), {1, 2}).others, 0);
  Sweep dense = sweep();
  dense.network.engine = Engine::dense;
  EXPECT_GT(memory_of(dense, {4, 2}).others, base.others + 2 * 99 * 4096 * 8);
  EXPECT_GT(memory_of(dense, {4, 20}).others, base.others + 20 * 99 * 4096 * 8);
}

TEST(JobHeader, AsksForEnough) {
  Forecast result = forecast(sweep(), {64, 4}, as_modelled(sweep()));
  result.run->makespan = 100 * 3600;
  result.memory = {900e6, 200e6};
  const std::vector<std::string> wanted{"#SBATCH --ntasks=64", "#SBATCH --cpus-per-task=4",
                                        "#SBATCH --mem-per-cpu=400M", "#SBATCH --time=6-06:05:00"};
  EXPECT_EQ(job_header(result), wanted);
  result.run->makespan = 1;
  EXPECT_EQ(job_header(result).back(), "#SBATCH --time=00:06:00");
  result.run->makespan = 1e300;
  EXPECT_EQ(job_header(result).back(), "#SBATCH --time=UNLIMITED") << "seen to fail with a negative time";
}

TEST(ForecastPage, SaysWhatMendsALongestUnit) {
  const Sweep slow = forecast_sweep({Width(10), Width(100'000)}, {Depth(4), Depth(300)}, 900, 2);
  const Forecast result = forecast(slow, {64, 1}, as_modelled(slow));
  ASSERT_TRUE(result.remedy);
  const std::string page = forecast_page(result);
  EXPECT_NE(page.find("--set simulation.batches=" + std::to_string(result.remedy->batches)),
            std::string::npos)
      << page;
}

TEST(ForecastJson, HoldsAllNumbers) {
  const Forecast result = forecast(sweep(), {4, 2}, as_modelled(sweep()));
  const auto json = Json::parse(forecast_json(result));
  EXPECT_EQ(json["points"], 64);
  EXPECT_EQ(json["units"], 256);
  EXPECT_EQ(json["ranks"], 4);
  EXPECT_EQ(json["parts"].size(), 2u);
  EXPECT_EQ(json["parts"][1]["engine"], "radial");
  EXPECT_EQ(json["makespan_seconds"], result.makespan());
  EXPECT_EQ(json["efficiency"], result.run->efficiency);
  EXPECT_EQ(json["memory_bytes"]["rank0"], std::llround(result.memory.rank0));
  EXPECT_EQ(json["job_header"].size(), 4u);
  EXPECT_FALSE(json.contains("pilot"));
}

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
}  // namespace varprop::driver
