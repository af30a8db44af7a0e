// A sweep run in simulated time: the real dispatcher deals units that cost what was predicted.
#pragma once

#include <cstdint>

#include "driver/forecast/dispatch_times.hpp"
#include "driver/run/calibration.hpp"

namespace varprop {

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

/// A discrete-event simulation of Coordinator, Followers and ComputePools around the real Plan and Dispatcher
/// (driver/run/dispatcher.hpp), all units pending at the beginning. Where units last below 2 ms a thread
/// takes as many at a time as last that long. At most most_simulated_units.
SimulatedRun simulate_run(const Sweep& sweep, const Calibration& calibration, const Machine& machine,
                          const DispatchTimes& times = {});

}  // namespace varprop
