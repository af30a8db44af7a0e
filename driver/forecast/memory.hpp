// What the processes of a sweep hold in memory.
#pragma once

#include "driver/forecast/simulated_run.hpp"

namespace varprop {

/// Bytes at the peak.
struct Memory {
  double rank0 = 0;
  double others = 0;  ///< each; 0 where there is only rank 0
};

/// Predicted from what is kept for a unit, a point and a network, with the program itself; fitted to measured
/// peaks (docs/running.md, Planning). Nothing of it grows with the number of units done.
Memory memory_of(const Sweep& sweep, const Machine& machine);

}  // namespace varprop
