// A pilot times a sample and nothing else. Seen red: with the predicted time taken for the measured one.
#include "driver/forecast/pilot.hpp"

#include <gtest/gtest.h>

#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop {
namespace {

TEST(Pilot, TimesAsManyUnitsAsAsked) {
  const Sweep sweep = forecast_sweep({Width(8), Width(64)}, {Depth(4), Depth(16)}, 64, 4);
  Progress silent(ProgressMode::none);
  const Pilot pilot = run_pilot(sweep, parse_sample_size("25%"), 2, silent);
  EXPECT_EQ(pilot.units, sweep.unit_count() / 4);
  EXPECT_EQ(pilot.failed, 0);
  EXPECT_GT(pilot.core_seconds, 0);
  ASSERT_FALSE(pilot.calibration.empty());
  EXPECT_NE(pilot.calibration.factor(), 1);
  EXPECT_GT(pilot.calibration.factor(), 0);
}

}  // namespace
}  // namespace varprop
