#include "driver/run/cost_model.hpp"

#include "core/point/engines.hpp"

namespace varprop {

namespace {

constexpr double seconds_per_neuron = 8e-9;   ///< conditional: two normals, φ, φ' and eight sums
constexpr double seconds_per_weight = 6e-9;   ///< dense: a weight drawn forward and once more backward
constexpr double seconds_per_layer = 250e-9;  ///< stream set-up and the arithmetic on sums
constexpr double seconds_per_pair = 40e-9;    ///< two inputs: eight normals, φ and φ' of both twice
constexpr double seconds_per_radial_layer = 400e-9;  ///< a binomial, four χ², two normals

/// Of one layer of one network.
double layer_seconds(Engine engine, double n, bool two_inputs) {
  switch (engine) {
    case Engine::radial:
      return seconds_per_radial_layer;
    case Engine::dense:
      return (two_inputs ? 2 : 1) * n * n * seconds_per_weight;
    case Engine::conditional:
    case Engine::automatic:
      break;
  }
  return n * (two_inputs ? seconds_per_pair : seconds_per_neuron);
}

}  // namespace

double predicted_seconds(const Sweep& sweep, const Point& point) {
  const auto n = static_cast<double>(point.width.value());
  const auto L = static_cast<double>(point.depth.value());
  const bool two_inputs = sweep.ensemble.input_correlation.has_value();
  const double layer = layer_seconds(resolve_engine(point, sweep.ensemble), n, two_inputs);
  return sweep.replicas_per_batch() * L * (seconds_per_layer + layer);
}

}  // namespace varprop
