#include "driver/forecast/pilot.hpp"

#include <fmt/format.h>

#include "core/parallel/backoff.hpp"
#include "core/random/choose.hpp"
#include "core/simd/target.hpp"
#include "core/text.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/cost_model.hpp"
#include "driver/run/duration.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop {

namespace {

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
  pilot.calibration.add(part_of(sweep, record.unit.point), unit_seconds(sweep, record.unit),
                        record.wall_seconds);
}

}  // namespace

Pilot run_pilot(const Sweep& sweep, const SampleSize& size, int threads, Progress& progress) {
  require_simd_target();
  const auto units = sample_units(sweep, size);
  announce(sweep, units, threads, progress);
  Pilot pilot{0, 0, 0, Calibration(sweep)};
  ComputePool pool(UnitSimulator(sweep), threads);
  pool.push(units);
  for (Backoff backoff; pilot.units < static_cast<std::int64_t>(units.size()); backoff.sleep()) {
    for (const Record& record : pool.take_finished()) add(sweep, record, pilot);
  }
  return pilot;
}

}  // namespace varprop
