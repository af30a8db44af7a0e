// What the event log knows of a sweep: its jobs, and why units failed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"
#include "driver/status/sweep_status.hpp"

namespace varprop {

struct History {
  std::vector<Job> jobs;
  std::vector<FailedUnit> failures;  ///< one for each unit that was asked for, in that order
  std::string log_obstacle;          ///< why the log could not be read; empty where it was or there is none
};

/// Of the jobs those that worked on the sweep of this `identity`, not on one that was overwritten. `failed`:
/// the units that the results file says have failed; the log may know of others, mended since. Where the log
/// is lost or cannot be read there are no jobs and no reasons.
History read_history(const std::filesystem::path& results, const std::string& identity, const Sweep& sweep,
                     const std::vector<Unit>& failed);

}  // namespace varprop
