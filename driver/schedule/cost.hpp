// What a unit costs before it runs, by a fixed model; and what that model is worth on a machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/sweep/record.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop::driver {

/// Predicted seconds of one unit of a point on one core of the reference machine (docs/engines.md). A
/// fixed formula of engine, weights, n, L and replicas, so that every run deals the same plan; the pace of
/// the machine at hand only scales it.
double predicted_seconds(const Sweep& sweep, const Point& point);

/// Points that differ in their variances, widths and depths alone, and so share the engine and its pace, are
/// a part of the sweep.
class SweepParts {
 public:
  /// The sweep must outlive this.
  explicit SweepParts(const Sweep& sweep);

  /// Parts have numbers below this one; listed points need not have one of every number.
  std::size_t count() const { return count_; }
  /// The number of a point's part, from 0: row-major along the axes that parts differ in.
  std::size_t operator()(PointIndex point) const;

 private:
  struct Axis {
    std::size_t number, extent;
  };

  const Sweep& sweep_;
  std::vector<Axis> axes_;  ///< with several values
  std::size_t count_ = 1;
};

struct SweepPart {
  std::size_t number;
  Point example;  ///< one of its most expensive points; of a product with the middle weight variance
  std::int64_t points;
  double seconds;  ///< predicted, of all its units
};

/// The parts that have points, in the order of their numbers.
std::vector<SweepPart> parts_of(const Sweep& sweep);

/// Collects times of units, and tells by what factor those of other units differ from the cost model.
class Calibration {
 public:
  explicit Calibration(const Sweep& sweep);
  /// The same factor for every part.
  static Calibration fixed(const Sweep& sweep, double factor);

  /// A unit of this part was predicted, and measured, to take so many seconds.
  void add(std::size_t part, double predicted_seconds, double measured_seconds);

  /// Measured over predicted seconds of a part; of all parts where it has no unit; 1 where nothing was
  /// measured.
  double factor(std::size_t part) const;
  /// The same over all units.
  double factor() const { return all_.factor(); }
  /// Predicted seconds of what was measured of a part.
  double predicted_seconds(std::size_t part) const { return parts_[part].predicted; }
  bool empty() const { return all_.predicted == 0; }

 private:
  struct Sums {
    double predicted = 0;
    double measured = 0;
    double factor() const { return predicted > 0 ? measured / predicted : 1.0; }
  };
  Sums all_;
  std::vector<Sums> parts_;
};

/// Gives the wall seconds of all batches of so many points: NaN where nothing was measured.
using ReadWallSeconds = std::function<std::vector<double>(PointIndex first, std::int64_t count)>;

/// What the units took that were done before a run. `states` by slot; the wall seconds are asked for a few
/// megabytes at a time, and not at all where nothing is done.
Calibration measured_earlier(const Sweep& sweep, const std::vector<UnitState>& states,
                             const ReadWallSeconds& read_wall_seconds);

}  // namespace varprop::driver
