#include "driver/run/cost_model.hpp"

#include "core/point/engines.hpp"

namespace varprop {

namespace {

constexpr double seconds_per_neuron = 8e-9;   ///< conditional: two normals, φ, φ' and eight sums
constexpr double seconds_per_weight = 6e-9;   ///< dense: a weight drawn forward and once more backward
constexpr double seconds_per_layer = 250e-9;  ///< dispatch, stream set-up and the arithmetic on sums

}  // namespace

double predicted_seconds(const Sweep& sweep, const Point& point) {
  const auto n = static_cast<double>(point.width.value());
  const auto L = static_cast<double>(point.depth.value());
  const bool dense = resolve_engine(point, sweep.ensemble) == Engine::dense;
  const double layer = seconds_per_layer + (dense ? n * n * seconds_per_weight : n * seconds_per_neuron);
  return sweep.replicas_per_batch() * L * layer;
}

}  // namespace varprop
