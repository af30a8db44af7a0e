// `varprop verify`.
#pragma once

#include <CLI/CLI.hpp>

#include "core/errors.hpp"
#include "driver/verify/verification.hpp"

namespace varprop {

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_verify_command(CLI::App& app, VerifyOptions& options);

/// Prints what was compared; some_points_failed where anything differs.
ExitCode run_verify(const VerifyOptions& options);

}  // namespace varprop
