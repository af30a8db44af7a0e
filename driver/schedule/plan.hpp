// The order of the work: most expensive points first, cheap ones interleaved with them, a point's batches one
// after the other.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/sweep/record.hpp"

namespace varprop::driver {

/// Hands out the pending units of a sweep, each once. A few bytes per point and one per unit, however large
/// the sweep.
class Plan {
 public:
  /// From the states in the results file; failed units are tried again. `sweep` must outlive the plan.
  Plan(const Sweep& sweep, const std::vector<UnitState>& states);

  struct Step {
    Unit unit;
    double seconds;  ///< predicted
  };
  /// The most expensive unit left that is predicted to take at most so many seconds; nothing where there is
  /// none.
  std::optional<Step> next(double most_seconds = std::numeric_limits<double>::infinity());
  /// The same with a limit for every part of the sweep (part_of), for their pace differs; empty: no limit.
  std::optional<Step> next(std::span<const double> most_seconds);

  /// From now on, units of at most so many predicted seconds are called cheap. To be asked for before next().
  void call_cheap(double seconds);
  /// The most expensive cheap unit left that is predicted to take at most so many seconds, by part; nothing
  /// where there is none.
  std::optional<Step> next_cheap(std::span<const double> most_seconds);
  /// The cheapest unit left that is predicted to take at most so many seconds, by part; nothing where there
  /// is none.
  std::optional<Step> next_cheapest(std::span<const double> most_seconds);
  bool cheap(Unit unit) const { return seconds(unit) <= cheap_seconds_; }
  std::int64_t cheap_units() const { return cheap_units_; }  ///< that were pending when they were called so
  std::int64_t cheap_left() const { return cheap_left_; }
  double expensive_seconds() const {
    return expensive_seconds_;
  }  ///< predicted, of all units that are not cheap

  /// All have been handed out.
  bool empty() const { return left_ == 0; }
  const Sweep& sweep() const { return sweep_; }
  std::size_t parts() const { return parts_.size(); }
  std::size_t part(Unit unit) const { return part_at(unit.point.value()); }
  /// Of the units of a part that were pending when the plan was made: the most expensive and the cheapest;
  /// nothing where there were none.
  std::optional<Step> most_expensive(std::size_t part) const;
  std::optional<Step> cheapest(std::size_t part) const;
  /// Predicted seconds of the pending units of a part, when the plan was made.
  double pending_seconds(std::size_t part) const { return parts_[part].seconds; }

  /// Predicted seconds of a unit that was pending.
  double seconds(Unit unit) const { return unit_seconds_[static_cast<std::size_t>(unit.point.value())]; }

  std::int64_t pending_units() const { return pending_units_; }  ///< when the plan was made
  double pending_seconds() const { return pending_seconds_; }    ///< predicted, when the plan was made

 private:
  /// What is pending of one part.
  struct Part {
    double seconds = 0;
    std::int64_t most_expensive = -1, cheapest = -1;  ///< points; -1: none
  };

  std::size_t part_at(std::int64_t point) const { return part_[static_cast<std::size_t>(point)]; }
  void add_to_part(std::int64_t point, double seconds);
  std::optional<Step> step_of(std::int64_t point) const;
  std::int64_t pending_batches(std::int64_t point) const;
  std::int64_t first_open(std::int64_t place);
  std::int64_t first_place_of_at_most(double most_seconds) const;
  std::optional<Unit> first_unit(std::int64_t place);
  Step take(std::int64_t place, Unit unit);
  std::optional<Step> next_from(std::int64_t place, std::span<const double> most_seconds);

  const Sweep& sweep_;
  std::vector<std::uint32_t> part_;  ///< by point
  std::vector<Part> parts_;
  std::vector<bool> done_;
  std::vector<double> unit_seconds_;      ///< by point; 0 where all is done
  std::vector<std::int64_t> order_;       ///< points with pending units
  std::vector<std::int32_t> next_batch_;  ///< by place in order_: the first batch that was not handed out
  std::vector<std::int64_t>
      next_open_;          ///< by place in order_: where to look for the next point with units left
  std::int64_t left_ = 0;  ///< units not handed out
  std::int64_t cheap_units_ = 0, cheap_left_ = 0;
  double cheap_seconds_ = 0, expensive_seconds_ = 0;
  std::int64_t pending_units_ = 0;
  double pending_seconds_ = 0;
};

}  // namespace varprop::driver
