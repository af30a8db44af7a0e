#include "driver/explain/draws.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::driver {

namespace {

const workers::StopFlag never{false};

workers::RandomNetwork one_layer(const LayerLaw& law, std::int64_t n, std::uint64_t seed) {
  const Point point{Activation::parse("linear"),
                    law.weights,
                    WeightVariance(law.weight_variance),
                    BiasVariance(0),
                    Width(n),
                    Depth(1)};
  return {point, NetworkSettings{.input = law.input}, experiment_key(seed, law.name)};
}

void scale(double factor, std::vector<double>& v) {
  for (double& value : v) value *= factor;
}

Sweep one_point_sweep(const Point& point, const NetworkSettings& settings, std::int64_t networks,
                      std::uint64_t seed) {
  Sweep sweep;
  sweep.grid = Grid::of(point);
  sweep.network = settings;
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
  Record record = workers::UnitSimulator(sweep)(sweep.unit(0), never);
  if (record.state != UnitState::done) throw SystemError("a simulation failed: " + record.failure);
  return record;
}

}  // namespace

DrawnLayer::DrawnLayer(const LayerLaw& law, std::int64_t n, std::uint64_t seed)
    : law_(law),
      network_(one_layer(law, n, seed)),
      weights_(network_),
      k_(law.weight_variance / static_cast<double>(n)),
      x_(workers::padded(n)),
      z_(workers::padded(n)),
      delta_(workers::padded(n)),
      below_(workers::padded(n)) {}

void DrawnLayer::forward(std::int64_t replica, std::int64_t input) {
  workers::draw_input(network_, static_cast<std::uint32_t>(input), x_);
  scale(law_.input_size, x_);
  weights_.apply(static_cast<std::uint32_t>(replica), 1, x_, z_, never);
  scale(std::sqrt(k_), z_);
}

void DrawnLayer::backward(std::int64_t replica) {
  workers::draw_normals(network_.stream(static_cast<std::uint32_t>(replica), 0, Purpose::output), network_.n,
                        delta_);
  weights_.apply_transposed(static_cast<std::uint32_t>(replica), 1, delta_, below_, never);
  scale(std::sqrt(k_), below_);
}

double squared_norm(std::span<const double> v) {
  return workers::inner_product(v, v);
}

double sum_of_relative_squares(DrawnLayer& layer, std::int64_t layers) {
  double sum = 0;
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.forward(i);
    sum += squared_norm(layer.z()) / (layer.k() * squared_norm(layer.x()));
  }
  return sum;
}

std::int64_t layer_count(std::int64_t n, double budget) {
  const double weights = static_cast<double>(n) * static_cast<double>(n);
  return static_cast<std::int64_t>(std::clamp(budget / weights, 20.0, 50000.0));
}

SimulatedNetworks::SimulatedNetworks(const Point& point, const NetworkSettings& settings,
                                     std::int64_t networks, std::uint64_t seed)
    : sweep_(one_point_sweep(point, settings, networks, seed)), layout_(sweep_), record_(simulate(sweep_)) {}

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
          WeightDistribution::gaussian,
          WeightVariance(weight_variance),
          BiasVariance(0),
          Width(n),
          Depth(L)};
}

}  // namespace varprop::driver
