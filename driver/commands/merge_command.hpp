// `varprop merge`.
#pragma once

#include <CLI/CLI.hpp>

#include "driver/merge/merge_results.hpp"

namespace varprop {

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_merge_command(CLI::App& app, MergeOptions& options);

/// Merges, on the first rank alone.
ExitCode run_merge(const MergeOptions& options);

}  // namespace varprop
