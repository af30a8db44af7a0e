#include "driver/run/cost_model.hpp"

#include "core/point/engines.hpp"

namespace varprop {

namespace {

constexpr double seconds_per_layer = 250e-9;         ///< stream set-up and the arithmetic on sums
constexpr double seconds_per_radial_layer = 400e-9;  ///< a binomial, four χ², two normals
constexpr double seconds_per_pair = 20e-9;           ///< two inputs: eight normals, φ and φ' of both twice

/// Conditional, a neuron of a layer: φ, φ', the sums and two normals; of orthogonal weights three, and one
/// more for the bias.
double seconds_per_neuron(const Point& point) {
  if (point.weights != Weights::orthogonal) return 4e-9;
  return point.bias_variance.value() > 0 ? 6.5e-9 : 5.3e-9;
}

/// Dense, a weight drawn forward and once more backward. An orthogonal matrix is also made orthonormal, n
/// multiplications a weight and time.
double seconds_per_weight(const Point& point) {
  switch (point.weights) {
    case Weights::gaussian:
    case Weights::truncated_normal:
      return 2.4e-9;
    case Weights::uniform:
      return 0.7e-9;
    case Weights::rademacher:
      return 0.11e-9;
    case Weights::orthogonal:
      break;
  }
  return 1e-9 * static_cast<double>(point.width.value());
}

/// Of one layer of one network. The dense engine draws its weights once for each of two inputs.
double layer_seconds(Engine engine, const Point& point, bool two_inputs) {
  const auto n = static_cast<double>(point.width.value());
  switch (engine) {
    case Engine::radial:
      return seconds_per_radial_layer;
    case Engine::dense:
      return (two_inputs ? 2 : 1) * n * n * seconds_per_weight(point);
    case Engine::conditional:
    case Engine::automatic:
      break;
  }
  return n * (two_inputs ? seconds_per_pair : seconds_per_neuron(point));
}

}  // namespace

double predicted_seconds(const Sweep& sweep, const Point& point) {
  const auto L = static_cast<double>(point.depth.value());
  const bool two_inputs = sweep.ensemble.input_correlation.has_value();
  const double layer = layer_seconds(resolve_engine(point, sweep.ensemble), point, two_inputs);
  return sweep.replicas_per_batch() * L * (seconds_per_layer + layer);
}

}  // namespace varprop
