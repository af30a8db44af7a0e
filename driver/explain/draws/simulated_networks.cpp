#include "driver/explain/draws/simulated_networks.hpp"

#include <algorithm>

#include "core/contracts.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop {

namespace {

Sweep one_point_sweep(const Point& point, const Ensemble& ensemble, std::int64_t networks,
                      std::uint64_t seed) {
  Sweep sweep;
  for_each_axis([&](const auto& axis) { (sweep.grid.*axis.values) = {point.*axis.value}; });
  sweep.ensemble = ensemble;
  sweep.replicas = networks;
  sweep.batches = 1;
  sweep.seed = seed;
  sweep.measures = {Quantity::forward, Quantity::backward};
  const std::int32_t L = point.depth.value();
  for (const std::int32_t l : {1, L - 1, L}) {
    if (l > (sweep.layers.empty() ? 0 : sweep.layers.back())) sweep.layers.push_back(l);
  }
  return sweep;
}

Record simulate(const Sweep& sweep) {
  const StopFlag never{false};
  Record record = UnitSimulator(sweep)(sweep.unit(0), never);
  if (record.state != UnitState::done) throw SystemError("a simulation failed: " + record.failure);
  return record;
}

}  // namespace

SimulatedNetworks::SimulatedNetworks(const Point& point, const Ensemble& ensemble, std::int64_t networks,
                                     std::uint64_t seed)
    : sweep_(one_point_sweep(point, ensemble, networks, seed)), layout_(sweep_), record_(simulate(sweep_)) {}

std::int64_t SimulatedNetworks::alive(Quantity quantity, std::int32_t l) const {
  return sweep_.replicas - static_cast<std::int64_t>(at(quantity, "_extinct", l));
}

double SimulatedNetworks::at(Quantity quantity, const char* statistic, std::int32_t l) const {
  const auto recorded = std::find(sweep_.layers.begin(), sweep_.layers.end(), l);
  VARPROP_EXPECT(recorded != sweep_.layers.end());
  return row(std::string(word_of(quantity)) +
             statistic)[static_cast<std::size_t>(recorded - sweep_.layers.begin())];
}

std::span<const double> SimulatedNetworks::row(const std::string& dataset) const {
  const std::size_t which = layout_.find(dataset);
  return std::span(record_.values)
      .subspan(static_cast<std::size_t>(layout_.offset(which)),
               static_cast<std::size_t>(layout_.length(which)));
}

Point bare_point(const char* activation, double weight_variance, std::int64_t n, std::int32_t L) {
  return {Activation::parse(activation),
          Weights::gaussian,
          WeightVariance(weight_variance),
          BiasVariance(0),
          Width(n),
          Depth(L)};
}

}  // namespace varprop
