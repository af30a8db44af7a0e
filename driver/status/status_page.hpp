// A sweep's status for a person and for a program.
#pragma once

#include <string>

#include "driver/status/sweep_status.hpp"

namespace varprop::driver {

/// Lines for a terminal, without the last line end; long lists are cut and say so.
std::string status_page(const SweepStatus& status);

/// One JSON object, nothing cut (docs/running.md names its keys).
std::string status_json(const SweepStatus& status);

}  // namespace varprop::driver
