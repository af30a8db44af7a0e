// When a run must have ended; and where it finished nothing by then: why, and what would mend it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "driver/schedule/pace.hpp"
#include "driver/schedule/plan.hpp"

namespace varprop::driver {

/// The end that a person or a batch system has set to a run.
class Deadline {
 public:
  /// A limit of so many seconds from now (--time-limit) and the end of the batch job that this process
  /// belongs to (SLURM_JOB_END_TIME, seconds since 1970), whichever comes first; neither: no deadline. A
  /// job's end that has passed already was inherited from another job, and one that lies years ahead is none:
  /// both count for nothing, of which warning() tells. Throws InputError where it is no number.
  static Deadline from(std::optional<double> limit_seconds);

  bool set() const { return end_.has_value(); }
  /// Infinite without a deadline.
  double seconds_left() const;
  /// The same, less what is kept for the last commits, which may take so many seconds: at most a tenth of the
  /// whole run.
  double seconds_to_compute(double commit_seconds) const { return seconds_left() - reserved(commit_seconds); }
  /// Seconds from the start of the run to its end; infinite without a deadline.
  double seconds_in_all() const { return in_all_; }
  /// From the start of the run until units could begin, which then had so many seconds to compute.
  double start_seconds(double seconds_given, double commit_seconds) const {
    return in_all_ - seconds_given - reserved(commit_seconds);
  }
  /// How much longer than a run needs its job must be: what is kept at the end for others, and the second
  /// that a job's end in whole seconds may hide. 0 where the end is a limit's.
  double seconds_kept() const { return kept_; }
  /// "the time limit of 1h30m", "the end of this job in 2h00m": at the start of the run.
  const std::string& text() const { return text_; }
  /// A sentence about a job's end that was left out of account; empty where none was.
  const std::string& warning() const { return warning_; }

 private:
  using Clock = std::chrono::steady_clock;
  void bring_forward(double seconds, const std::string& text);
  double reserved(double commit_seconds) const { return std::min(commit_seconds, in_all_ / 10); }

  std::optional<Clock::time_point> end_;
  double in_all_ = std::numeric_limits<double>::infinity();
  double kept_ = 0;
  std::string text_;
  std::string warning_;
};

/// What such a run knows besides its plan and its pace.
struct Shortfall {
  std::string deadline;           ///< "the time limit of 4s"
  double start_seconds = 0;       ///< from the start of the run until units could begin
  double seconds_to_compute = 0;  ///< from then to the deadline, less what the last commit may take
  double commit_seconds = 0;      ///< what the last commit may take, without a deadline to bound it
  std::int64_t failed_units = 0;
  double kept_seconds = 0;            ///< of a job, that are not ours (Deadline::seconds_kept)
  std::optional<Plan::Step> dropped;  ///< the unit that ran longest before it was dropped, and how long
};

/// How many times as long as it ran a dropped unit is allowed for, where nothing else tells its pace. A unit
/// is begun if 1.5 times what it is thought to take fits, so that this covers a machine eight times slower
/// than was thought, with the reserve kept.
inline constexpr double allowance_for_dropped = 8;

/// What makes every unit left short enough, with the dispatcher's reserve: either of the two.
struct ShortfallCure {
  /// The fewest; the most there can be where that may do; nothing where not even one network a batch would.
  std::optional<std::int32_t> batches;
  double limit_seconds;  ///< with the batches as they are
};
ShortfallCure find_cure(const Sweep& sweep, const Plan& plan, const Pace& pace, const Shortfall& shortfall);

/// The sentences for the person. Units must be pending in the plan.
std::string shortfall_text(const Sweep& sweep, const Plan& plan, const Pace& pace,
                           const Shortfall& shortfall);

}  // namespace varprop::driver
