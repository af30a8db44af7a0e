// Sweeps of one point, and what is simulated of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "core/network/engine_choice.hpp"
#include "core/sweep/record.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::test {

inline Sweep one_point(const std::string& activation, double weight_variance, double bias_variance,
                       std::int64_t n, std::int32_t L, Engine engine = Engine::automatic) {
  Sweep sweep;
  sweep.grid = {{Activation::parse(activation)},
                {WeightDistribution::gaussian},
                {WeightVariance(weight_variance)},
                {BiasVariance(bias_variance)},
                {Width(n)},
                {Depth(L)}};
  sweep.network.engine = engine;
  sweep.replicas = 8;
  sweep.batches = 2;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

/// Calls use(sweep) for every law of weights and every one of the engines that can simulate it.
template <class Use>
void for_each_law_and_engine(Sweep sweep, std::initializer_list<Engine> engines, Use&& use) {
  for (const auto& [weights, word] : EnumWords<WeightDistribution>::words) {
    for (const Engine engine : engines) {
      sweep.grid.weights = {weights};
      sweep.network.engine = engine;
      if (!obstacle(engine, sweep.point(PointIndex(0)), sweep.network)) use(sweep);
    }
  }
}

inline Record simulate(const Sweep& sweep, std::int64_t point = 0, std::int32_t batch = 0) {
  const workers::StopFlag stop{false};
  const workers::UnitSimulator simulator(sweep);
  return simulator({PointIndex(point), BatchIndex(batch)}, stop);
}

inline double value(const Sweep& sweep, const Record& record, const std::string& dataset, std::int64_t at) {
  const RecordLayout layout(sweep);
  return record.values[static_cast<std::size_t>(layout.offset(layout.find(dataset)) + at)];
}

}  // namespace varprop::test
