// unit → record: the one entry to the engines.
#pragma once

#include "core/sweep/record.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// Simulates the replicas of one unit, in their order.
class UnitSimulator {
 public:
  explicit UnitSimulator(const Sweep& sweep) : sweep_(sweep), layout_(sweep) {}

  /// The unit's record, done, with its wall time; or failed with the reason, if an engine throws.
  /// Throws Stopped if `stop` is raised meanwhile: the unit is as if never begun. Any number of threads may
  /// call this.
  Record operator()(Unit unit, const StopFlag& stop) const;

 private:
  /// Runs every replica of the unit through its engine.
  std::vector<double> simulate(Unit unit, const StopFlag& stop) const;

  const Sweep& sweep_;
  RecordLayout layout_;
};

}  // namespace varprop::workers
