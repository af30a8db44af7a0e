// A layer of two signals of which one lies so deep in a tail of φ that doubles lose it, for both engines.
#pragma once

#include "workers/activation/activate_pair.hpp"

namespace varprop {

/// Σφ'² and Σα² of both signals.
struct PairTailSums {
  double slope_squared, alpha_squared;
  double second_slope_squared, second_alpha_squared;
};

/// How such a layer is summed again: each signal by itself, the lost ones in units of their largest value and
/// slope.
class PairTails {
 public:
  /// What is dead already is not looked for. The planner must outlive this.
  PairTails(const RangePlanner& plan_range, const PairSizes& sizes, const PairTailSums& sums, bool both_alive)
      : plan_range_(plan_range),
        sizes_(sizes),
        first_lost_(plan_range.lost_in_tail(sizes.s, sums.slope_squared, sums.alpha_squared)),
        second_lost_(both_alive &&
                     plan_range.lost_in_tail(sizes.s, sums.second_slope_squared, sums.second_alpha_squared)) {
  }

  bool any() const { return first_lost_ || second_lost_; }

  /// The plan to find the decays with.
  PairRange direct() const {
    return plan_apart(start(first_lost_, sizes_.s), start(second_lost_, sizes_.second()), sizes_);
  }

  /// The plan in these units.
  PairRange in_units(const PairTailUnits& units) const {
    SignalRange first = start(first_lost_, sizes_.s), second = start(second_lost_, sizes_.second());
    if (first_lost_) first = plan_range_.in_tail(first, units.first);
    if (second_lost_) second = plan_range_.in_tail(second, units.second);
    return plan_apart(first, second, sizes_);
  }

 private:
  SignalRange start(bool lost, const Magnitude& size) const {
    return lost ? plan_range_.direct(size) : plan_range_(size);
  }

  const RangePlanner& plan_range_;
  PairSizes sizes_;
  bool first_lost_, second_lost_;
};

}  // namespace varprop
