// `varprop analyze`.
#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>

#include "core/errors.hpp"

namespace varprop {

struct AnalyzeCommand {
  std::filesystem::path results;
  std::filesystem::path directory;  ///< where the tables go; created where it is missing
  double factor = 100.0;            ///< F: a total change beyond this factor vanishes or explodes
};

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_analyze_command(CLI::App& app, AnalyzeCommand& options);

/// Reads the results, writes the tables, prints the summary.
ExitCode run_analyze(const AnalyzeCommand& options);

}  // namespace varprop
