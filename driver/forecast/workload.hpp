// What a sweep costs, part by part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/run/calibration.hpp"

namespace varprop {

/// The points of one activation and one weight distribution: one engine simulates them.
struct PartOfWork {
  Activation activation;
  Weights weights;
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

}  // namespace varprop
