// `varprop verify`.
#pragma once

#include "core/errors.hpp"
#include "driver/commands/command.hpp"
#include "driver/verify/verification.hpp"

namespace varprop {

/// The command; parsing it fills `options`, which must outlive it.
Command verify_command(VerifyOptions& options);

/// Prints what was compared; some_points_failed where anything differs.
ExitCode run_verify(const VerifyOptions& options);

}  // namespace varprop
