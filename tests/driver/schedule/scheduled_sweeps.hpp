// Sweeps whose units cost very different times, and what a run of them begins with.
#pragma once

#include <optional>
#include <vector>

#include "driver/schedule/deadline.hpp"

namespace varprop::driver {

/// Two weight variances, two widths, two depths, 4 batches: units of 40 µs to 17 ms by the model.
inline Sweep sweep_of_eight_points() {
  Sweep sweep;
  sweep.grid = {
      {Activation::parse("tanh")}, {WeightDistribution::gaussian}, {WeightVariance(1), WeightVariance(2)},
      {BiasVariance(0)},           {Width(16), Width(4096)},       {Depth(8), Depth(64)}};
  sweep.replicas = 64;
  sweep.batches = 4;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

inline std::vector<UnitState> all_pending(const Sweep& sweep) {
  return std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending);
}

inline Pace as_on_the_reference_machine(const Plan& plan) {
  return Pace(plan, Calibration(plan.sweep()));
}

/// Two parts, tanh and relu, of dense uniform weights: units of 2.94 s, and of 3 µs, by the model.
inline Sweep sweep_of_two_parts(std::int32_t batches) {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("relu")},
                {WeightDistribution::uniform},
                {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},
                {Width(1), Width(1024)},
                {Depth(50)}};
  sweep.replicas = 160;
  sweep.batches = batches;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

/// A sweep of which all is pending, in so many batches, and a run that has 3.5 s.
struct GivenRun {
  Sweep sweep;
  Plan plan{sweep, all_pending(sweep)};
  double expensive = plan.most_expensive(0)->seconds, cheap = plan.cheapest(0)->seconds;
  Calibration expected = Calibration::fixed(sweep, 2);
  Shortfall shortfall{"the time limit of 4s", 0.1, 3.5, 1, 0, 0, std::nullopt};

  explicit GivenRun(std::int32_t batches = 2) : sweep(sweep_of_two_parts(batches)) {}

  ShortfallCure cure(const Pace& pace) const { return find_cure(sweep, plan, pace, shortfall); }
  std::string text(const Pace& pace) const { return shortfall_text(sweep, plan, pace, shortfall); }
  /// What the longest unit takes with so many batches, where predicted seconds take so long.
  double longest(std::int32_t batches, double pace) const {
    return pace * expensive * sweep.batches / batches;
  }
};

}  // namespace varprop::driver
