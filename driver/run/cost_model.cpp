#include "driver/run/cost_model.hpp"

#include "core/point/engines.hpp"

namespace varprop {

namespace {

constexpr double seconds_per_layer = 250e-9;  ///< dispatch, stream set-up and the arithmetic on sums

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

}  // namespace

double predicted_seconds(const Sweep& sweep, const Point& point) {
  const auto n = static_cast<double>(point.width.value());
  const auto L = static_cast<double>(point.depth.value());
  const bool dense = resolve_engine(point, sweep.ensemble) == Engine::dense;
  const double layer =
      seconds_per_layer + (dense ? n * n * seconds_per_weight(point) : n * seconds_per_neuron(point));
  return sweep.replicas_per_batch() * L * layer;
}

}  // namespace varprop
