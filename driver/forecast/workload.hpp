// What a sweep costs: the work part by part, and the memory of the processes that do it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/forecast/simulated_run.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {

/// The points of one activation, one weight distribution, and so on (driver/schedule/cost.hpp): one engine
/// simulates them.
struct PartOfWork {
  Activation activation;
  WeightDistribution weights;
  std::string others;  ///< "dummy=2": coordinates along further axes; empty where all are at their defaults
  Engine engine;
  std::int64_t points = 0;
  std::int64_t units = 0;
  double model_seconds = 0;  ///< of one core of the reference machine
  double seconds = 0;        ///< of one core of the machine that the calibration tells of

  double factor() const { return seconds / model_seconds; }
};

struct Workload {
  std::int64_t points = 0;
  std::int64_t units = 0;
  double model_seconds = 0;         ///< of one core of the reference machine, all units
  double seconds = 0;               ///< the same on the machine that the calibration tells of
  double longest_unit_seconds = 0;  ///< of one core
  PointIndex longest_point;         ///< the first of the points with the longest units
  std::vector<PartOfWork> parts;    ///< row-major (activation, weights)

  double factor() const { return seconds / model_seconds; }
};

/// Predicted times, scaled by the calibration. O(points) time, O(parts) memory.
Workload workload_of(const Sweep& sweep, const Calibration& calibration);

/// Bytes at the peak.
struct Memory {
  double rank0 = 0;
  double others = 0;  ///< each; 0 where there is only rank 0
};

/// Predicted from what is kept for a unit, a point and a network, with the program itself; fitted to measured
/// peaks (docs/running.md, Planning). Nothing of it grows with the number of units done.
Memory memory_of(const Sweep& sweep, const Machine& machine);

}  // namespace varprop::driver
