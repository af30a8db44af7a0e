// A sweep run in simulated time: the real scheduler deals units that cost what was predicted.
#pragma once

#include <cstdint>

#include "core/sweep/record.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {

/// Seconds. Measured on one node (docs/running.md, Planning); a slow network or disk is slower.
struct DispatchTimes {
  /// From a unit's end, or a pack's sending, until the other side has it: processes look at most every 5 ms.
  double message = 5e-3;
  /// Rank 0: to make a pack and send it.
  double pack = 5e-6;
  /// Rank 0: to receive and deal one unit.
  double unit = 20e-6;
  /// Rank 0: to write a row of one dataset; a point's batches are one write.
  double row = 8e-6;
  /// Rank 0: to bring one number of a unit's rows to the disk.
  double number = 40e-9;
  /// The last commit, and the end.
  double close = 0.01;

  /// Rank 0's time for one unit of this sweep.
  double for_unit(const Sweep& sweep) const {
    const auto all = datasets(sweep);
    double numbers = 0;
    for (const Dataset& dataset : all) numbers += static_cast<double>(row_length(sweep, dataset.row_axis));
    return unit + row * static_cast<double>(all.size()) / sweep.batches + number * numbers;
  }
};

/// Processes that work together; rank 0 computes too.
struct Machine {
  int ranks = 1;
  int threads = 1;  ///< compute threads of every rank

  double cores() const { return static_cast<double>(ranks) * threads; }
};

struct SimulatedRun {
  double makespan = 0;    ///< seconds from the first pack to the last commit
  double efficiency = 0;  ///< computing over cores times makespan, 0 to 1
  double rank0_load = 0;  ///< share of the makespan that rank 0's own thread deals and writes
};

/// More units than this are not simulated: the answer would take minutes, and is close to work over cores.
inline constexpr std::int64_t most_simulated_units = std::int64_t{1} << 26;

/// A discrete-event simulation of Coordinator, Followers and ComputePools around the real Scheduler
/// (driver/schedule/scheduler.hpp), all units pending at the beginning. Where units last below 2 ms a thread
/// takes as many at a time as last that long. At most most_simulated_units.
SimulatedRun simulate_run(const Sweep& sweep, const Calibration& calibration, const Machine& machine,
                          const DispatchTimes& times = {});

}  // namespace varprop::driver
