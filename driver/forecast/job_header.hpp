// What to ask a cluster for.
#pragma once

#include <string>
#include <vector>

#include "driver/forecast/forecast.hpp"

namespace varprop {

/// "#SBATCH --ntasks=64" and so on: tasks, cores and memory of each, and a time that leaves room for a slower
/// machine. Seconds and bytes are rounded up.
std::vector<std::string> job_header(const Forecast& forecast);

}  // namespace varprop
