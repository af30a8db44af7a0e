// The probe of the machine: every part has a factor, of its own where there was time. No clock judges here.
//
// Seen red: with parts that were not probed left at 1; with networks simulated that no width makes small.
// A pilot times a sample and nothing else. Seen red: with the predicted time taken for the measured one.
#include "driver/run/probe.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/network/engine_choice.hpp"
#include "tests/driver/forecast/forecast_sweep.hpp"

namespace varprop::driver {
namespace {

Sweep sweep_of(std::vector<Activation> activations, std::vector<WeightDistribution> weights) {
  Sweep sweep;
  sweep.grid = {std::move(activations), std::move(weights),    {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},      {Width(8), Width(64)}, {Depth(4), Depth(100)}};
  sweep.replicas = 64;
  sweep.batches = 4;
  sweep.layers = recorded_layers(sweep.grid.depth, 16);
  return sweep;
}

TEST(Probe, KnowsAFactorOfEveryPart) {
  Sweep sweep =
      sweep_of({Activation::parse("tanh"), Activation::parse("relu")},
               {WeightDistribution::gaussian, WeightDistribution::orthogonal, WeightDistribution::uniform,
                WeightDistribution::truncated_normal, WeightDistribution::rademacher});
  for (const std::optional<double> correlation : {std::optional<double>(), std::optional(0.5)}) {
    sweep.network.input_correlation = correlation;
    const Calibration probed = probe_machine(sweep);
    for (std::size_t part = 0; part < SweepParts(sweep).count(); ++part) {
      EXPECT_GT(probed.factor(part), 0) << part;
      EXPECT_NE(probed.factor(part), 1) << part;
      EXPECT_GT(probed.predicted_seconds(part), 0) << part;
    }
  }
}

TEST(Probe, TakesWhatItHadNoTimeForAsTheOthersOfItsWeights) {
  std::vector<Activation> many;
  for (int i = 1; i <= 2000; ++i) many.push_back(Activation::parse("elu(" + std::to_string(0.04 * i) + ")"));
  const Sweep sweep = sweep_of(many, {WeightDistribution::gaussian});
  const Calibration probed = probe_machine(sweep);
  for (std::size_t part = 0; part < many.size(); ++part) EXPECT_NE(probed.factor(part), 1) << part;
}

/// These networks would take days and gigabytes.
TEST(Probe, SimulatesSmallNetworksOfLargeSweeps) {
  Sweep sweep =
      sweep_of({Activation::parse("tanh")}, {WeightDistribution::gaussian, WeightDistribution::uniform});
  sweep.grid.width = {Width(largest_dense_width)};
  sweep.grid.depth = {Depth(largest_depth)};
  sweep.layers = recorded_layers(sweep.grid.depth, 16);
  EXPECT_GT(probe_machine(sweep).factor(), 0);
}

/// Of any width these take a quarter of an hour a layer, in which no stop is heard.
TEST(Probe, SimulatesNoNetworksThatNoWidthMakesSmall) {
  Sweep sweep = sweep_of({Activation::parse("tanh")}, {WeightDistribution::gaussian});
  sweep.grid.block = {Block::mlp};
  sweep.grid.hidden_ratio = {HiddenRatio(1e11)};
  sweep.grid.width = {Width(8)};
  sweep.layers = recorded_layers(sweep.grid.depth, 16);
  EXPECT_EQ(probe_machine(sweep).factor(), 1);
}

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
}  // namespace varprop::driver
