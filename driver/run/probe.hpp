// How fast this machine is: short probes of the kinds of work that a sweep has, or a pilot of its own units.
#pragma once

#include "driver/run/progress.hpp"
#include "driver/schedule/cost.hpp"
#include "driver/schedule/division.hpp"

namespace varprop::driver {

/// Simulates small networks of the sweep's activations and weights with the engines that simulate its own, on
/// this thread, and tells what a predicted second of each part takes here with the instruction set in use.
/// The widths and depths are the sweep's largest as far as a probe stays short. Some 40 ms of processor time,
/// however many parts there are: the most expensive are probed first, and what is left out is taken for as
/// fast as the others of its weights. Processor time, so that other programs on the machine count for
/// nothing: how much they take, the units tell. Weighted by the parts' costs: factor() is that of the whole
/// sweep.
///
/// One, as on the reference machine, where this machine has no instruction set that the engines could use.
Calibration probe_machine(const Sweep& sweep);

struct Pilot {
  std::int64_t units = 0;
  std::int64_t failed = 0;  ///< of these; they tell no time
  double core_seconds = 0;  ///< what they took
  Calibration calibration;
};

/// Computes a random sample of units, always the same of the same sweep, on so many threads at once; their
/// results are thrown away. The time that it will take is said first.
Pilot run_pilot(const Sweep& sweep, const SampleSize& size, int threads, Progress& progress);

}  // namespace varprop::driver
