// `varprop explain`.
#pragma once

#include <string>

#include "core/errors.hpp"
#include "driver/commands/command.hpp"
#include "driver/explain/explain_setting.hpp"

namespace varprop {

struct ExplainOptions {
  ExplainSetting setting;
  bool json = false;      ///< the measured numbers for programs
  std::string directory;  ///< for explain.html; empty: none is written
};

/// The command; parsing it fills `options`, which must outlive it.
Command explain_command(ExplainOptions& options);

/// Simulates for some seconds, then prints the story, and writes its page where one is asked for.
ExitCode run_explain(const ExplainOptions& options);

}  // namespace varprop
