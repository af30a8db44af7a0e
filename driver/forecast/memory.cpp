#include "driver/forecast/memory.hpp"

#include <algorithm>

#include "core/point/engines.hpp"
#include "core/record/record.hpp"
#include "core/storage/file_size.hpp"

namespace varprop {

namespace {

constexpr double program = 25e6;            ///< the program, HDF5 and MPI
constexpr double bytes_a_layer = 600;       ///< of a network: how φ sees it, sums, samples, moments
constexpr double bytes_a_point = 16;        ///< everywhere: hashes of the streams while the sweep is resolved
constexpr double bytes_a_point_rank0 = 24;  ///< the plan
constexpr double bytes_a_unit_rank0 = 2.2;  ///< states as read, as bytes and as bits
constexpr double commit = 64e6;             ///< records that wait for their commit, at most

/// Vectors of n numbers that an engine keeps: the dense one those of every layer, and an orthogonal matrix.
double network_bytes(const Point& point, const Ensemble& ensemble) {
  const auto n = static_cast<double>(point.width.value());
  const auto L = static_cast<double>(point.depth.value());
  const double inputs = ensemble.input_correlation ? 2 : 1;
  double numbers = 0;
  if (resolve_engine(point, ensemble) == Engine::dense) {
    numbers = inputs * n * (L + 6) + (point.weights == Weights::orthogonal ? 2 * n * n : 0);
  }
  return 8 * numbers + bytes_a_layer * L;
}

/// Of the largest point. Engine, width and depth decide: neither variance does.
double largest_network_bytes(const Sweep& sweep) {
  double largest = 0;
  Point point = sweep.point(PointIndex(0));
  point.width = sweep.grid.width.back();
  point.depth = sweep.grid.depth.back();
  for (const Activation& activation : sweep.grid.activation) {
    for (const Weights weights : sweep.grid.weights) {
      point.activation = activation;
      point.weights = weights;
      largest = std::max(largest, network_bytes(point, sweep.ensemble));
    }
  }
  return largest;
}

}  // namespace

Memory memory_of(const Sweep& sweep, const Machine& machine) {
  const auto points = static_cast<double>(sweep.point_count());
  const auto units = static_cast<double>(sweep.unit_count());
  const double record = 8 * static_cast<double>(RecordLayout(sweep).size());
  const double unit = largest_network_bytes(sweep) + 2 * record;
  const double each = program + bytes_a_point * points + machine.threads * unit;
  // Twice: records wait in memory, and their rows are gathered by dataset when they are written.
  const double waiting = std::min(2 * commit, units * record);
  return {each + bytes_a_point_rank0 * points + bytes_a_unit_rank0 * units + waiting,
          machine.ranks > 1 ? each : 0};
}

}  // namespace varprop
