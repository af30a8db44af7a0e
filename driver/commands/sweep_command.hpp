// `varprop sweep`.
#pragma once

#include <CLI/CLI.hpp>

#include "driver/run/run_sweep.hpp"

namespace varprop {

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_sweep_command(CLI::App& app, SweepOptions& options);

}  // namespace varprop
