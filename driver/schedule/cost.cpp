#include "driver/schedule/cost.hpp"

#include <algorithm>
#include <span>

#include "core/errors.hpp"
#include "workers/engines.hpp"

namespace varprop::driver {

namespace {

/// A part goes on along these axes: the cost model knows no variances, and how it grows with width and depth.
constexpr AxisSet within_a_part = axes_of<WeightVariance, BiasVariance, Width, Depth>();

constexpr std::int64_t units_at_a_time = 1 << 20;  ///< wall times in memory
constexpr double longest_unit = 3.2e8;             ///< seconds: ten years, which no job lasts

/// A damaged file may hold any time.
bool believable(double seconds) {
  return seconds >= 0 && seconds <= longest_unit;
}
/// The wall seconds of the done batches of one point.
void add_point(const Sweep& sweep, PointIndex point, std::span<const UnitState> states,
               std::span<const double> wall_seconds, Calibration& calibration) {
  const double predicted = predicted_seconds(sweep, sweep.point(point));
  const std::size_t part = part_of(sweep, point);
  for (std::size_t batch = 0; batch < states.size(); ++batch) {
    if (states[batch] != UnitState::done || !believable(wall_seconds[batch])) continue;
    calibration.add(part, predicted, wall_seconds[batch]);
  }
}

}  // namespace

double predicted_seconds(const Sweep& sweep, const Point& point) {
  const auto L = static_cast<double>(point.depth.value());
  return sweep.replicas_per_batch() * L * workers::layer_seconds(point, sweep.network);
}

std::size_t part_count(const Sweep& sweep) {
  return static_cast<std::size_t>(sweep.grid_index().count(all_but(within_a_part)));
}

std::size_t part_of(const Sweep& sweep, PointIndex point) {
  const GridIndex index = sweep.grid_index();
  return static_cast<std::size_t>(index.position(index.indices(point.value()), all_but(within_a_part)));
}

std::vector<Point> parts_of(const Sweep& sweep) {
  const Grid& grid = sweep.grid;
  const auto middle = [](const auto& values) { return values[values.size() / 2]; };
  std::vector<Point> parts;
  sweep.grid_index().for_each_group(within_a_part, [&](const GridIndices& at) {
    Point point = sweep.point(at);
    point.weight_variance = middle(grid.weight_variance);
    point.bias_variance = grid.bias_variance.back();
    point.width = grid.width.back();
    point.depth = grid.depth.back();
    parts.push_back(point);
  });
  return parts;
}

Calibration::Calibration(const Sweep& sweep) : parts_(part_count(sweep)) {}

Calibration Calibration::fixed(const Sweep& sweep, double factor) {
  Calibration calibration(sweep);
  for (std::size_t part = 0; part < calibration.parts_.size(); ++part) calibration.add(part, 1, factor);
  return calibration;
}

void Calibration::add(std::size_t part, double predicted_seconds, double measured_seconds) {
  VARPROP_EXPECT(part < parts_.size() && predicted_seconds > 0 && measured_seconds >= 0);
  for (Sums* sums : {&all_, &parts_[part]}) {
    sums->predicted += predicted_seconds;
    sums->measured += measured_seconds;
  }
}

double Calibration::factor(std::size_t part) const {
  return parts_[part].predicted > 0 ? parts_[part].factor() : all_.factor();
}

Calibration measured_earlier(const Sweep& sweep, const std::vector<UnitState>& states,
                             const ReadWallSeconds& read_wall_seconds) {
  Calibration calibration(sweep);
  if (std::find(states.begin(), states.end(), UnitState::done) == states.end()) return calibration;
  const auto batches = static_cast<std::size_t>(sweep.batches);
  const std::int64_t step = std::max<std::int64_t>(1, units_at_a_time / sweep.batches);
  for (std::int64_t first = 0; first < sweep.point_count(); first += step) {
    const auto at = static_cast<std::size_t>(first * sweep.batches);
    const auto wall = read_wall_seconds(PointIndex(first), std::min(step, sweep.point_count() - first));
    for (std::int64_t point = first; point < std::min(first + step, sweep.point_count()); ++point) {
      const auto slot = static_cast<std::size_t>(point * sweep.batches), row = slot - at;
      add_point(sweep, PointIndex(point), std::span(states).subspan(slot, batches),
                std::span(wall).subspan(row, batches), calibration);
    }
  }
  return calibration;
}

}  // namespace varprop::driver
