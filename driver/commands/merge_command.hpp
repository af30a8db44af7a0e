// `varprop merge`.
#pragma once

#include "driver/commands/command.hpp"
#include "driver/merge/merge_results.hpp"

namespace varprop {

/// The command; parsing it fills `options`, which must outlive it.
Command merge_command(MergeOptions& options);

/// Merges, on the first rank alone.
ExitCode run_merge(const MergeOptions& options);

}  // namespace varprop
