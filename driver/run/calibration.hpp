// What the cost model is worth on a machine: measured over predicted seconds.
#pragma once

#include <cstddef>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// Points that share activation and weights, and so the engine and its pace, are a part of the sweep.
std::size_t part_count(const Sweep& sweep);
/// The number of a point's part, from 0: row-major (activation, weights).
std::size_t part_of(const Sweep& sweep, PointIndex point);

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

}  // namespace varprop
