#include "driver/forecast/remedy.hpp"

#include <algorithm>
#include <vector>

#include "driver/run/batch_counts.hpp"

namespace varprop {

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

}  // namespace varprop
