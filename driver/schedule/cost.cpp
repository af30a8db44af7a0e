#include "driver/schedule/cost.hpp"

#include <algorithm>
#include <map>
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
void add_point(const Sweep& sweep, const SweepParts& parts, PointIndex point,
               std::span<const UnitState> states, std::span<const double> wall_seconds,
               Calibration& calibration) {
  const double predicted = predicted_seconds(sweep, sweep.point(point));
  const std::size_t part = parts(point);
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

namespace {

/// The axes in which parts differ: of listed points, which may have any number of combinations, the first two
/// alone where these are too many.
AxisSet part_axes(const Sweep& sweep) {
  constexpr std::size_t most_parts = 10'000;
  const GridIndices shape = sweep.shape();
  std::size_t parts = 1;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (!within_a_part[axis]) parts *= std::min(shape[axis], most_parts);
    if (!sweep.grid.is_product() && parts > most_parts) return axes_of<Activation, WeightDistribution>();
  }
  return all_but(within_a_part);
}

/// Of a product every part has points.
std::vector<SweepPart> parts_of_product(const Sweep& sweep) {
  const Grid& grid = sweep.grid;
  const auto middle = [](const auto& values) { return values[values.size() / 2]; };
  const std::int64_t points = sweep.point_count() / static_cast<std::int64_t>(SweepParts(sweep).count());
  const auto variances = static_cast<double>(grid.weight_variance.size() * grid.bias_variance.size());
  std::vector<SweepPart> parts;
  sweep.grid_index().for_each_group(within_a_part, [&](const GridIndices& at) {
    Point point = sweep.point(at);
    point.weight_variance = middle(grid.weight_variance);
    point.bias_variance = grid.bias_variance.back();
    double seconds = 0;
    for (const Width width : grid.width) {
      for (const Depth depth : grid.depth) {
        point.width = width;
        point.depth = depth;
        seconds += predicted_seconds(sweep, point);
      }
    }
    parts.push_back({parts.size(), point, points, seconds * variances * sweep.batches});
  });
  return parts;
}

std::vector<SweepPart> parts_of_list(const Sweep& sweep) {
  const SweepParts number_of(sweep);
  std::map<std::size_t, SweepPart> parts;
  std::map<std::size_t, double> most_expensive;
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    const PointIndex index(i);
    const std::size_t number = number_of(index);
    const Point point = sweep.point(index);
    const double seconds = predicted_seconds(sweep, point);
    SweepPart& part = parts.try_emplace(number, SweepPart{number, point, 0, 0}).first->second;
    ++part.points;
    part.seconds += seconds * sweep.batches;
    double& most = most_expensive[number];
    if (seconds <= most) continue;
    most = seconds;
    part.example = point;
  }
  std::vector<SweepPart> all;
  for (const auto& [number, part] : parts) all.push_back(part);
  return all;
}

}  // namespace

SweepParts::SweepParts(const Sweep& sweep) : sweep_(sweep) {
  const GridIndices shape = sweep.shape();
  const AxisSet differ = part_axes(sweep);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (!differ[axis] || shape[axis] == 1) continue;
    axes_.push_back({axis, shape[axis]});
    count_ *= shape[axis];
  }
}

std::size_t SweepParts::operator()(PointIndex point) const {
  if (axes_.empty()) return 0;
  const GridIndices at = sweep_.indices(point);
  std::size_t number = 0;
  for (const Axis& axis : axes_) number = number * axis.extent + at[axis.number];
  return number;
}

std::vector<SweepPart> parts_of(const Sweep& sweep) {
  return sweep.grid.is_product() ? parts_of_product(sweep) : parts_of_list(sweep);
}

Calibration::Calibration(const Sweep& sweep) : parts_(SweepParts(sweep).count()) {}

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
  const SweepParts parts(sweep);
  if (std::find(states.begin(), states.end(), UnitState::done) == states.end()) return calibration;
  const auto batches = static_cast<std::size_t>(sweep.batches);
  const std::int64_t step = std::max<std::int64_t>(1, units_at_a_time / sweep.batches);
  for (std::int64_t first = 0; first < sweep.point_count(); first += step) {
    const auto at = static_cast<std::size_t>(first * sweep.batches);
    const auto wall = read_wall_seconds(PointIndex(first), std::min(step, sweep.point_count() - first));
    for (std::int64_t point = first; point < std::min(first + step, sweep.point_count()); ++point) {
      const auto slot = static_cast<std::size_t>(point * sweep.batches), row = slot - at;
      add_point(sweep, parts, PointIndex(point), std::span(states).subspan(slot, batches),
                std::span(wall).subspan(row, batches), calibration);
    }
  }
  return calibration;
}

}  // namespace varprop::driver
