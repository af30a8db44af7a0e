// What a predicted second takes on the machine at hand, as far as a run knows.
#pragma once

#include <cstddef>
#include <vector>

#include "driver/schedule/cost.hpp"
#include "driver/schedule/plan.hpp"

namespace varprop::driver {

/// The pace of every part of a sweep: seconds of a unit over its predicted seconds. Known, from the weakest
/// to the strongest evidence, by
///  - what is expected before anything ran (a probe of the machine), scaled by how other parts keep to it;
///  - the wall seconds of units that were done before this run: of another machine perhaps, so that together
///    they weigh no more than the part's most expensive pending unit;
///  - the units that this run has finished, each with its predicted seconds as its weight;
///  - the units that ran and were dropped: no pace is below what they had taken by then.
/// What is expected weighs a tenth of the part's most expensive pending unit: cheap units alone, of which the
/// cost model knows less, say little of the expensive ones. A failed unit says nothing.
class Pace {
 public:
  /// `earlier`: the units that were done before this run.
  Pace(const Plan& plan, const Calibration& expected, const Calibration& earlier);
  Pace(const Plan& plan, const Calibration& expected) : Pace(plan, expected, Calibration(plan.sweep())) {}

  /// A unit of a part, predicted to take so many seconds, took so many, or was dropped after so many.
  void finished(std::size_t part, double predicted, double seconds);
  void dropped(std::size_t part, double predicted, double seconds);

  /// From now on, the units that were done before this run say nothing.
  void forget_earlier();

  /// What a predicted second of a part takes.
  double of(std::size_t part) const;
  /// The same, but for what the units say that were done before this run.
  double by_this_run(std::size_t part) const;
  /// Whether that is only a lower bound: units that were dropped had taken longer than all else explains.
  bool only_bounded(std::size_t part) const;

  /// What was expected of a part, and what it turned out to take over that, all parts together.
  double expected(std::size_t part) const { return parts_[part].expected; }
  double load() const { return load(earlier_); }

 private:
  /// Of units with a time.
  struct Sums {
    double predicted = 0, seconds = 0;
    double expected = 0;  ///< predicted seconds at the pace that was expected of their parts
    void add(double predicted_seconds, double pace, double measured_seconds);
    Sums operator+(const Sums& other) const;
  };
  struct Part {
    double expected = 1;
    double prior_weight = 0;  ///< predicted seconds
    Sums earlier, here;       ///< units of before this run, and of this run
    double bound = 0;         ///< least pace by this run's dropped units
    bool finished_here = false;
  };
  double load(const Sums& earlier) const;
  double estimate(const Part& part, const Sums& earlier_of_part, const Sums& earlier) const;
  double bound(const Part& part) const;

  std::vector<Part> parts_;
  Sums earlier_, here_;  ///< of all parts
  double bound_ = 0;     ///< the largest of the parts' bounds over what was expected of them
};

}  // namespace varprop::driver
