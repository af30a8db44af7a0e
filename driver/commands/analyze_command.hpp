// `varprop analyze`.
#pragma once

#include <CLI/CLI.hpp>

#include "analysis/analyze.hpp"
#include "core/errors.hpp"

namespace varprop {

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_analyze_command(CLI::App& app, AnalyzeOptions& options);

/// Reads the results, writes the tables, prints the summary.
ExitCode run_analyze(const AnalyzeOptions& options);

}  // namespace varprop
