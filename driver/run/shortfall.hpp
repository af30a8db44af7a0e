// A run that finished nothing by its deadline: why, and what would mend it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "driver/run/pace.hpp"
#include "driver/run/plan.hpp"

namespace varprop {

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

}  // namespace varprop
