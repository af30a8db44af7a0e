// The work of a sweep adds up. Seen red: with batches left out of a part's time, with the calibration
// ignored, and with the cheapest point named instead of the most expensive.

#include <gtest/gtest.h>

#include "driver/forecast/forecast.hpp"
#include "driver/schedule/cost.hpp"
#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop::driver {
namespace {

TEST(Workload, AddsUpUnitByUnit) {
  const Sweep sweep = forecast_sweep({Width(16), Width(512)}, {Depth(4), Depth(99)}, 40, 5);
  Calibration calibration(sweep);
  calibration.add(0, 1, 2);
  calibration.add(1, 1, 7);
  const Workload work = workload_of(sweep, calibration);
  std::vector<double> parts(2);
  double longest = 0;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    const Unit unit = sweep.unit(slot);
    const std::size_t part = SweepParts(sweep)(unit.point);
    const double seconds = (part == 0 ? 2 : 7) * predicted_seconds(sweep, sweep.point(unit.point));
    parts[part] += seconds;
    longest = std::max(longest, seconds);
  }
  ASSERT_EQ(work.parts.size(), 2u);
  EXPECT_EQ(work.points, 64);
  EXPECT_EQ(work.units, 320);
  EXPECT_NEAR(work.parts[0].seconds, parts[0], 1e-9 * parts[0]);
  EXPECT_NEAR(work.parts[1].seconds, parts[1], 1e-9 * parts[1]);
  EXPECT_NEAR(work.seconds, parts[0] + parts[1], 1e-9 * work.seconds);
  EXPECT_DOUBLE_EQ(work.longest_unit_seconds, longest);
  const Point most_expensive = sweep.point(work.longest_point);
  EXPECT_EQ(most_expensive.width, Width(512));
  EXPECT_EQ(most_expensive.depth, Depth(99));
}

/// A damaged sweep file asked for 4·10⁸ points, and the plan took minutes. Seen red: it goes on for an hour.
TEST(Workload, IsCountedNotWalkedAlongVariances) {
  Sweep sweep = forecast_sweep({Width(16)}, {Depth(4)}, 16, 16);
  const Workload one = workload_of(sweep, Calibration::fixed(sweep, 3));
  const auto points = static_cast<double>(sweep.point_count());
  sweep.grid.weight_variance.assign(100'000, WeightVariance(1));
  sweep.grid.bias_variance.assign(100'000, BiasVariance(0));
  const Workload many = workload_of(sweep, Calibration::fixed(sweep, 3));
  EXPECT_EQ(many.points, 20'000'000'000);
  EXPECT_DOUBLE_EQ(many.seconds / 20e9, one.seconds / points);
}

TEST(Workload, NamesTheEngineOfEveryPart) {
  Sweep sweep = forecast_sweep({Width(16)}, {Depth(4)}, 16, 16);
  sweep.grid.weights = {WeightDistribution::gaussian, WeightDistribution::rademacher};
  const Workload work = workload_of(sweep, Calibration(sweep));
  ASSERT_EQ(work.parts.size(), 4u);
  EXPECT_EQ(work.parts[0].engine, Engine::conditional);
  EXPECT_EQ(work.parts[1].engine, Engine::dense);
  EXPECT_EQ(work.parts[2].engine, Engine::radial);
  EXPECT_EQ(work.parts[3].weights, WeightDistribution::rademacher);
  for (const PartOfWork& part : work.parts) EXPECT_EQ(part.units, 8 * 16);
}

}  // namespace
}  // namespace varprop::driver
