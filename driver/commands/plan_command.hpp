// `varprop plan`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "driver/commands/command.hpp"
#include "driver/run/sample_size.hpp"

namespace varprop {

struct PlanOptions {
  std::filesystem::path sweep_file;
  std::vector<std::string> overrides;  ///< arguments of --set
  std::string engine;                  ///< argument of --engine; empty: the sweep file's
  int ranks = 1;
  int threads = 0;                  ///< of every rank; 0: the cores of this process
  std::optional<SampleSize> pilot;  ///< units to time on this machine
  std::optional<double> pace;       ///< for tests: what a predicted second takes; else probed or piloted
  bool json = false;                ///< for programs
};

/// The command; parsing it fills `options`, which must outlive it.
Command plan_command(PlanOptions& options);

/// Prints what the sweep would take; runs nothing of it but the pilot, writes no file.
ExitCode run_plan(const PlanOptions& options);

}  // namespace varprop
