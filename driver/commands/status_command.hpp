// `varprop status`.
#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>

#include "core/errors.hpp"

namespace varprop {

struct StatusOptions {
  std::filesystem::path results;
  bool json = false;  ///< for programs
};

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_status_command(CLI::App& app, StatusOptions& options);

/// Prints how far the sweep is; complete, whatever that is.
ExitCode run_status(const StatusOptions& options);

}  // namespace varprop
