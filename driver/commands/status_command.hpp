// `varprop status`.
#pragma once

#include <filesystem>

#include "core/errors.hpp"
#include "driver/commands/command.hpp"

namespace varprop {

struct StatusOptions {
  std::filesystem::path results;
  bool json = false;  ///< for programs
};

/// The command; parsing it fills `options`, which must outlive it.
Command status_command(StatusOptions& options);

/// Prints how far the sweep is; complete, whatever that is.
ExitCode run_status(const StatusOptions& options);

}  // namespace varprop
