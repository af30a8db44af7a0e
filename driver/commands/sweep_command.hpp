// `varprop sweep`.
#pragma once

#include "driver/commands/command.hpp"
#include "driver/run/run_sweep.hpp"

namespace varprop {

/// The command; parsing it fills `options`, which must outlive it.
Command sweep_command(SweepOptions& options);

}  // namespace varprop
