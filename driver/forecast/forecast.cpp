#include "driver/forecast/forecast.hpp"

#include <algorithm>
#include <vector>

#include "core/network/point.hpp"
#include "core/storage/file_size.hpp"
#include "driver/schedule/division.hpp"

namespace varprop::driver {

namespace {

constexpr double good_efficiency = 0.9;
constexpr double short_unit = 0.1;    ///< of the makespan
constexpr double worth_while = 0.95;  ///< of the makespan

/// Finer batches, as far as such a sweep can be simulated; ascending.
std::vector<std::int32_t> simulable_batches(const Sweep& sweep) {
  auto all = finer_batches(sweep);
  std::erase_if(all,
                [&](std::int32_t batches) { return batches > most_simulated_units / sweep.point_count(); });
  return all;
}

}  // namespace

bool held_up_by_longest_unit(const Workload& work, const SimulatedRun& run) {
  return run.efficiency < good_efficiency && work.longest_unit_seconds > short_unit * run.makespan;
}

std::optional<Remedy> find_remedy(const Sweep& sweep, const Workload& work, const Calibration& calibration,
                                  const Machine& machine, const SimulatedRun& run) {
  const auto candidates = simulable_batches(sweep);
  const double wanted = short_unit * work.seconds / machine.cores();
  const double point_seconds = work.longest_unit_seconds * sweep.batches;
  const auto enough = std::find_if(candidates.begin(), candidates.end(),
                                   [&](std::int32_t batches) { return point_seconds / batches <= wanted; });
  auto tries = std::min<std::ptrdiff_t>(enough - candidates.begin() + 1, std::ssize(candidates));
  Sweep finer = sweep;
  for (; tries > 0; tries /= 2) {  // so many units that rank 0 is the bound help less than fewer
    finer.batches = candidates[static_cast<std::size_t>(tries - 1)];
    const Remedy remedy{finer.batches, simulate_run(finer, calibration, machine)};
    if (remedy.run.makespan <= worth_while * run.makespan) return remedy;
  }
  return std::nullopt;
}

double Forecast::makespan() const {
  return run ? run->makespan : std::max(work.seconds / machine.cores(), work.longest_unit_seconds);
}

Forecast forecast(const Sweep& sweep, const Machine& machine, const Speed& speed) {
  const Calibration& calibration = speed.calibration;
  Forecast result{sweep.title, machine, {}, {}, {}, {}, false, {}, {}, 0, 0, speed};
  result.work = workload_of(sweep, calibration);
  const Point longest = sweep.point(result.work.longest_point);
  result.longest_point = canonical_text(longest, sweep.network);
  result.longest_point_words = point_in_words(longest);
  result.memory = memory_of(sweep, machine);
  result.file_bytes = predicted_file_size(sweep);
  result.padding_bytes = padding_bytes(sweep);
  if (sweep.unit_count() > most_simulated_units) return result;
  result.run = simulate_run(sweep, calibration, machine);
  result.held_up = held_up_by_longest_unit(result.work, *result.run);
  if (result.held_up) result.remedy = find_remedy(sweep, result.work, calibration, machine, *result.run);
  return result;
}

}  // namespace varprop::driver
