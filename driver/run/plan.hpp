// The order of the work: dearest points first, cheap ones strewn among them, a point's batches one after the
// other.
#pragma once

#include <cstdint>
#include <limits>
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

  /// From now on, units of at most so many predicted seconds are cheap: they are strewn among the others, in
  /// the proportion in which the others' seconds are handed out. To be asked for before next().
  void strew(double cheap_seconds);

  struct Step {
    Unit unit;
    double seconds;  ///< predicted
  };
  /// The dearest unit left that is predicted to take at most so many seconds, or the dearest cheap one where
  /// these are behind; nothing where there is none.
  std::optional<Step> next(double most_seconds = std::numeric_limits<double>::infinity());

  /// All have been handed out.
  bool empty() const { return left_ == 0; }
  /// The cheapest unit that was pending when the plan was made; only where there was one.
  Step cheapest() const;

  /// Predicted seconds of a unit that was pending.
  double seconds(Unit unit) const { return unit_seconds_[static_cast<std::size_t>(unit.point.value())]; }

  std::int64_t pending_units() const { return pending_units_; }  ///< when the plan was made
  double pending_seconds() const { return pending_seconds_; }    ///< predicted, when the plan was made

 private:
  /// A unit and the place of its point.
  struct Candidate {
    std::int64_t place;
    Unit unit;
  };
  std::int64_t pending_batches(std::int64_t point) const;
  std::int64_t first_open(std::int64_t place);
  std::int64_t first_place_of_at_most(double most_seconds) const;
  std::optional<Unit> first_unit(std::int64_t place);
  std::optional<Candidate> first_candidate(std::int64_t begin, std::int64_t end);
  bool cheap_ones_are_behind() const;
  Step hand_out(const Candidate& candidate);

  const Sweep& sweep_;
  std::vector<bool> done_;
  std::vector<double> unit_seconds_;      ///< by point; 0 where all is done
  std::vector<std::int64_t> order_;       ///< points with pending units
  std::vector<std::int32_t> next_batch_;  ///< by place in order_: the first batch that was not handed out
  std::vector<std::int64_t>
      next_open_;                 ///< by place in order_: where to look for the next point with units left
  std::int64_t first_cheap_ = 0;  ///< the place from which on points are cheap; past the last where none is
  std::int64_t left_ = 0;         ///< units not handed out
  std::int64_t cheap_units_ = 0, cheap_left_ = 0;
  double dear_seconds_ = 0, dear_seconds_left_ = 0;
  std::int64_t pending_units_ = 0;
  double pending_seconds_ = 0;
};

}  // namespace varprop
