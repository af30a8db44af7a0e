#include "driver/forecast/workload.hpp"

#include "core/point/engines.hpp"
#include "driver/run/cost_model.hpp"

namespace varprop {

namespace {

std::vector<PartOfWork> empty_parts(const Sweep& sweep) {
  const std::int64_t points = sweep.point_count() / static_cast<std::int64_t>(part_count(sweep));
  std::vector<PartOfWork> parts;
  for (const Activation& activation : sweep.grid.activation) {
    for (const Weights weights : sweep.grid.weights) {
      Point point = sweep.point(PointIndex(0));
      point.activation = activation;
      point.weights = weights;
      parts.push_back(
          {activation, weights, resolve_engine(point, sweep.ensemble), points, points * sweep.batches});
    }
  }
  return parts;
}

}  // namespace

Workload workload_of(const Sweep& sweep, const Calibration& calibration) {
  Workload work{sweep.point_count(), sweep.unit_count(), 0, 0, 0, PointIndex(0), empty_parts(sweep)};
  for (PointIndex point(0); point.value() < work.points; point = PointIndex(point.value() + 1)) {
    const std::size_t part = part_of(sweep, point);
    const double model_seconds = predicted_seconds(sweep, sweep.point(point));
    const double unit_seconds = model_seconds * calibration.factor(part);
    work.parts[part].model_seconds += model_seconds * sweep.batches;
    work.parts[part].seconds += unit_seconds * sweep.batches;
    if (unit_seconds > work.longest_unit_seconds) {
      work.longest_unit_seconds = unit_seconds;
      work.longest_point = point;
    }
  }
  for (const PartOfWork& part : work.parts) {
    work.model_seconds += part.model_seconds;
    work.seconds += part.seconds;
  }
  return work;
}

}  // namespace varprop
