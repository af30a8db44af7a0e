// Timing a sample of a sweep's units on this machine.
#pragma once

#include "driver/run/calibration.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/sample_size.hpp"

namespace varprop {

struct Pilot {
  std::int64_t units = 0;
  std::int64_t failed = 0;  ///< of these; they tell no time
  double core_seconds = 0;  ///< what they took
  Calibration calibration;
};

/// Computes a random sample of units, always the same of the same sweep, on so many threads at once; their
/// results are thrown away. The time that it will take is said first.
Pilot run_pilot(const Sweep& sweep, const SampleSize& size, int threads, Progress& progress);

}  // namespace varprop
