// The order of the work: dearest points first, a point's batches one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/record/record.hpp"

namespace varprop {

/// Hands out the pending units of a sweep, each once. A few bytes per point and one per unit, however large
/// the sweep.
class Plan {
 public:
  /// From the states in the results file; failed units are tried again. `sweep` must outlive the plan.
  Plan(const Sweep& sweep, const std::vector<UnitState>& states);

  /// The next unit with its predicted seconds; nothing when all have been handed out.
  struct Step {
    Unit unit;
    double seconds;
  };
  std::optional<Step> next();

  /// Predicted seconds of a unit that was pending.
  double seconds(Unit unit) const { return unit_seconds_[static_cast<std::size_t>(unit.point.value())]; }

  std::int64_t pending_units() const { return pending_units_; }  ///< when the plan was made
  double pending_seconds() const { return pending_seconds_; }    ///< predicted, when the plan was made

 private:
  const Sweep& sweep_;
  std::vector<bool> done_;
  std::vector<double> unit_seconds_;  ///< by point; 0 where all is done
  std::vector<std::int64_t> order_;   ///< points with pending units
  std::size_t at_point_ = 0;
  std::int32_t at_batch_ = 0;
  std::int64_t pending_units_ = 0;
  double pending_seconds_ = 0;
};

}  // namespace varprop
