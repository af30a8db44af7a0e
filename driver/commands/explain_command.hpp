// `varprop explain`.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "core/errors.hpp"
#include "driver/explain/explain_setting.hpp"

namespace varprop {

struct ExplainOptions {
  ExplainSetting setting;
  bool json = false;      ///< the measured numbers for programs
  std::string directory;  ///< for explain.html; empty: none is written
};

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`.
CLI::App* add_explain_command(CLI::App& app, ExplainOptions& options);

/// Simulates for some seconds, then prints the story, and writes its page where one is asked for.
ExitCode run_explain(const ExplainOptions& options);

}  // namespace varprop
