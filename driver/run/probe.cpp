#include "driver/run/probe.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "core/network/engine_choice.hpp"
#include "core/parallel/backoff.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/simd/target.hpp"
#include "core/text/words.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/schedule/cost.hpp"
#include "driver/schedule/duration.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::driver {

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
  return resolve_engine(point, sweep.network) == Engine::dense ? 8 : 16;
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
  probe.grid = Grid::of(point);
  probe.layers = recorded_layers(probe.grid, std::max<std::int64_t>(3, std::ssize(sweep.layers)));
  return probe;
}

/// A small network of one part of the sweep, timed.
class Probe {
 public:
  Probe(const Sweep& sweep, const Point& point, double seconds)
      : sweep_(smaller_sweep(sweep, point, seconds)),
        predicted_(predicted_seconds(sweep_, sweep_.point(PointIndex(0)))),
        units_(static_cast<int>(std::max(1.0, std::floor(seconds / predicted_)))) {}

  /// Measured over predicted seconds, the least so far; nothing where the engine would not, or where no width
  /// makes a network small enough (hidden_ratio and shape may give any number of neurons to the narrowest).
  const std::optional<double>& factor() const { return factor_; }

  void measure() {
    if (predicted_ > most_seconds) return;  // no stop is heard meanwhile
    const workers::StopFlag go_on{false};
    const workers::UnitSimulator simulate(sweep_);
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

std::vector<Part> parts_most_expensive_first(const Sweep& sweep) {
  std::vector<Part> parts;
  for (const SweepPart& part : parts_of(sweep)) parts.push_back({part.number, part.example, part.seconds});
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

constexpr std::uint64_t pilot_seed = 1;

double unit_seconds(const Sweep& sweep, Unit unit) {
  return predicted_seconds(sweep, sweep.point(unit.point));
}

std::vector<Unit> sample_units(const Sweep& sweep, const SampleSize& size) {
  std::vector<Unit> units;
  for (const std::int64_t slot : choose(size.of(sweep.unit_count()), sweep.unit_count(), pilot_seed)) {
    units.push_back(sweep.unit(slot));
  }
  return units;
}

void announce(const Sweep& sweep, const std::vector<Unit>& units, int threads, Progress& progress) {
  double seconds = 0;
  for (const Unit unit : units) seconds += unit_seconds(sweep, unit);
  progress.say(fmt::format("timing {} on {}, about {}", counted(std::ssize(units), "unit"),
                           counted(threads, "thread"), fine_duration_text(seconds / threads)));
}

void add(const Sweep& sweep, const Record& record, Pilot& pilot) {
  ++pilot.units;
  if (record.state != UnitState::done) {
    ++pilot.failed;
    return;
  }
  pilot.core_seconds += record.wall_seconds;
  pilot.calibration.add(SweepParts(sweep)(record.unit.point), unit_seconds(sweep, record.unit),
                        record.wall_seconds);
}

}  // namespace

Calibration probe_machine(const Sweep& sweep) {
  Calibration calibration(sweep);
  if (!has_simd_target()) return calibration;
  std::vector<Part> parts = parts_most_expensive_first(sweep);
  measure_in_time(sweep, parts);
  std::map<WeightDistribution, Calibration> of_weights;
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

Pilot run_pilot(const Sweep& sweep, const SampleSize& size, int threads, Progress& progress) {
  require_simd_target();
  const auto units = sample_units(sweep, size);
  announce(sweep, units, threads, progress);
  Pilot pilot{0, 0, 0, Calibration(sweep)};
  ComputePool pool(workers::UnitSimulator(sweep), threads);
  pool.push(units);
  for (Backoff backoff; pilot.units < static_cast<std::int64_t>(units.size()); backoff.sleep()) {
    for (const Record& record : pool.take_finished()) add(sweep, record, pilot);
  }
  return pilot;
}

}  // namespace varprop::driver
