// `varprop analyze`.
#pragma once

#include "analysis/analyze.hpp"
#include "core/errors.hpp"
#include "driver/commands/command.hpp"

namespace varprop {

/// The command; parsing it fills `options`, which must outlive it.
Command analyze_command(AnalyzeOptions& options);

/// Reads the results, writes the tables, prints the summary.
ExitCode run_analyze(const AnalyzeOptions& options);

}  // namespace varprop
