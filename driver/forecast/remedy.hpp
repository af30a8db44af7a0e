// More batches, where units are too long for the machine.
#pragma once

#include <optional>

#include "driver/forecast/simulated_run.hpp"
#include "driver/forecast/workload.hpp"

namespace varprop {

/// The same sweep in smaller units.
struct Remedy {
  std::int32_t batches;  ///< a divisor of the replicas
  SimulatedRun run;      ///< with these batches
};

/// Whether the longest unit keeps cores waiting: the efficiency is below 0.9, and that unit takes more than a
/// tenth of the makespan.
bool held_up_by_longest_unit(const Workload& work, const SimulatedRun& run);

/// The fewest batches that bring the longest unit below a tenth of work over cores, or else the most that the
/// replicas allow and that can be simulated; where those would not shorten the makespan by a twentieth,
/// fewer. Nothing where none would.
std::optional<Remedy> find_remedy(const Sweep& sweep, const Workload& work, const Calibration& calibration,
                                  const Machine& machine, const SimulatedRun& run);

}  // namespace varprop
