#include "driver/run/probe.hpp"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "core/point/engines.hpp"
#include "core/simd/target.hpp"
#include "driver/run/cost_model.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop {

namespace {

constexpr double most_seconds = 0.04;      ///< of all probes
constexpr int rounds = 4;                  ///< of which the fastest counts
constexpr double slowest = 4;              ///< a machine for which there is still time for all rounds
constexpr double shortest_probe = 0.2e-3;  ///< seconds of a probe
constexpr std::int32_t probe_units = 4;

/// Predicted seconds of one probe where there are so many.
double probe_seconds(std::size_t parts) {
  return std::max(shortest_probe, most_seconds / (slowest * rounds * static_cast<double>(parts)));
}

/// Layers enough for the first and the last, which cost less, to fade away; a dense network should rather be
/// wide.
std::int32_t deepest(const Sweep& sweep, const Point& point) {
  return resolve_engine(point, sweep.ensemble) == Engine::dense ? 8 : 16;
}

/// The next smaller width to try: no block of neurons is left half empty, as few are in wide networks.
std::int64_t narrower(std::int64_t width) {
  constexpr std::int64_t block = 64;
  const std::int64_t next = width - width / 8 - 1;
  return next > block ? next - next % block : next;
}

/// Seconds that this thread has computed.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Of the dearest points of a part: the cost model knows no variances.
Point representative(const Sweep& sweep, std::size_t part) {
  const Grid& grid = sweep.grid;
  const auto middle = [](const auto& values) { return values[values.size() / 2]; };
  return {grid.activation[part / grid.weights.size()],
          grid.weights[part % grid.weights.size()],
          middle(grid.weight_variance),
          grid.bias_variance.back(),
          grid.width.back(),
          grid.depth.back()};
}

/// The predicted seconds of a part of the sweep, by the variances of its representative.
double part_seconds(const Sweep& sweep, Point point) {
  double seconds = 0;
  for (const Width width : sweep.grid.width) {
    for (const Depth depth : sweep.grid.depth) {
      point.width = width;
      point.depth = depth;
      seconds += predicted_seconds(sweep, point);
    }
  }
  const auto variances = sweep.grid.weight_variance.size() * sweep.grid.bias_variance.size();
  return seconds * static_cast<double>(variances) * sweep.batches;
}

/// A sweep of one point with the settings of this one: the point made smaller where a network would take
/// longer than so many seconds, and units of as many replicas as fit, at most those of the sweep's.
Sweep smaller_sweep(const Sweep& sweep, Point point, double seconds) {
  Sweep probe = sweep;
  probe.replicas = probe.batches = 1;
  point.depth = Depth(std::min(point.depth.value(), deepest(sweep, point)));
  const std::int64_t narrowest = std::min<std::int64_t>(4, point.width.value());
  while (predicted_seconds(probe, point) > seconds && point.width.value() > narrowest) {
    point.width = Width(std::max(narrowest, narrower(point.width.value())));
  }
  const double fitting = seconds / predicted_seconds(probe, point);
  const double replicas = std::clamp(fitting, 1.0, static_cast<double>(sweep.replicas_per_batch()));
  probe.batches = probe_units;
  probe.replicas = std::llround(replicas) * probe_units;
  probe.grid = {{point.activation},    {point.weights}, {point.weight_variance},
                {point.bias_variance}, {point.width},   {point.depth}};
  probe.layers = recorded_layers(probe.grid.depth, std::max<std::int64_t>(2, std::ssize(sweep.layers)));
  return probe;
}

/// A small network of one part of the sweep, timed.
class Probe {
 public:
  Probe(const Sweep& sweep, const Point& point, double seconds)
      : sweep_(smaller_sweep(sweep, point, seconds)),
        predicted_(predicted_seconds(sweep_, sweep_.point(PointIndex(0)))),
        units_(static_cast<int>(std::max(1.0, std::floor(seconds / predicted_)))) {}

  /// Measured over predicted seconds, the least so far; nothing where the engine would not.
  const std::optional<double>& factor() const { return factor_; }

  void measure() {
    const StopFlag go_on{false};
    const UnitSimulator simulate(sweep_);
    const double begin = processor_seconds();
    for (int unit = 0; unit < units_; ++unit) {
      const Record record = simulate({PointIndex(0), BatchIndex(unit % probe_units)}, go_on);
      if (record.state != UnitState::done) return;
    }
    const double measured = (processor_seconds() - begin) / (units_ * predicted_);
    factor_ = std::min(measured, factor_.value_or(std::numeric_limits<double>::infinity()));
  }

 private:
  Sweep sweep_;
  double predicted_;  ///< seconds of a unit
  int units_;
  std::optional<double> factor_;
};

/// A part of the sweep, and the probe of it where there was time for one.
struct Part {
  std::size_t number;
  Point point;
  double seconds;  ///< predicted, of all its units
  std::optional<Probe> probe = std::nullopt;
};

std::vector<Part> parts_dearest_first(const Sweep& sweep) {
  std::vector<Part> parts;
  for (std::size_t part = 0; part < part_count(sweep); ++part) {
    const Point point = representative(sweep, part);
    parts.push_back({part, point, part_seconds(sweep, point)});
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.seconds > b.seconds; });
  return parts;
}

void measure_in_time(const Sweep& sweep, std::vector<Part>& parts) {
  const double end = processor_seconds() + most_seconds;
  for (int round = 0; round < rounds; ++round) {
    for (Part& part : parts) {
      if (processor_seconds() >= end) return;
      if (!part.probe) part.probe.emplace(sweep, part.point, probe_seconds(parts.size()));
      part.probe->measure();
    }
  }
}

}  // namespace

Calibration probe_machine(const Sweep& sweep) {
  Calibration calibration(sweep);
  if (!has_simd_target()) return calibration;
  std::vector<Part> parts = parts_dearest_first(sweep);
  measure_in_time(sweep, parts);
  std::map<Weights, Calibration> of_weights;
  for (const Part& part : parts) {
    const auto factor = part.probe ? part.probe->factor() : std::nullopt;
    if (!factor) continue;
    calibration.add(part.number, part.seconds, *factor * part.seconds);
    of_weights.try_emplace(part.point.weights, sweep)
        .first->second.add(part.number, part.seconds, *factor * part.seconds);
  }
  const Calibration probed = calibration;
  for (const Part& part : parts) {
    if (part.probe && part.probe->factor()) continue;
    const auto alike = of_weights.find(part.point.weights);
    const double factor = alike == of_weights.end() ? probed.factor() : alike->second.factor();
    calibration.add(part.number, part.seconds, factor * part.seconds);
  }
  return calibration;
}

}  // namespace varprop
