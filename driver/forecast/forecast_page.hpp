// A forecast for a person and for a program, with what to ask a cluster for.
#pragma once

#include <string>
#include <vector>

#include "driver/forecast/forecast.hpp"

namespace varprop::driver {

/// "#SBATCH --ntasks=64" and so on: tasks, cores and memory of each, and a time that leaves room for a slower
/// machine. Seconds and bytes are rounded up.
std::vector<std::string> job_header(const Forecast& forecast);

/// Lines for a terminal, without the last line end.
std::string forecast_page(const Forecast& forecast);

/// One JSON object (docs/running.md names its keys).
std::string forecast_json(const Forecast& forecast);

}  // namespace varprop::driver
