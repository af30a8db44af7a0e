// When a run must have ended.
#pragma once

#include <chrono>
#include <limits>
#include <optional>
#include <string>

namespace varprop {

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
  /// Seconds from the start of the run to its end; infinite without a deadline.
  double seconds_in_all() const { return in_all_; }
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

  std::optional<Clock::time_point> end_;
  double in_all_ = std::numeric_limits<double>::infinity();
  double kept_ = 0;
  std::string text_;
  std::string warning_;
};

}  // namespace varprop
