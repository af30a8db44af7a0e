// varprop's commands, as one object that parses, runs and describes them.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "driver/commands/analyze_command.hpp"
#include "driver/commands/explain_command.hpp"
#include "driver/commands/help_command.hpp"
#include "driver/commands/merge_command.hpp"
#include "driver/commands/plan_command.hpp"
#include "driver/commands/status_command.hpp"
#include "driver/commands/sweep_command.hpp"
#include "driver/commands/theory_command.hpp"
#include "driver/commands/verify_command.hpp"

namespace varprop {

/// The program's command line: CLI11's objects, from which help, man pages and completions are all made, and
/// the options that parsing fills.
class AllCommands {
 public:
  /// `command_line`: as it was typed, for the provenance of what is written.
  explicit AllCommands(const std::string& command_line);
  AllCommands(const AllCommands&) = delete;
  AllCommands& operator=(const AllCommands&) = delete;

  CLI::App& app() { return app_; }

  /// In the order of the help page.
  std::vector<std::string> names() const;

  /// The command that was parsed; nullptr where none was.
  const CLI::App* chosen() const;
  ExitCode run_chosen() const;

 private:
  CLI::App app_;
  SweepOptions sweep_options_;
  PlanOptions plan_options_;
  StatusOptions status_options_;
  VerifyOptions verify_options_;
  AnalyzeOptions analyze_options_;
  MergeOptions merge_options_;
  TheoryOptions theory_options_;
  ExplainOptions explain_options_;
  HelpOptions help_options_;
  std::vector<std::pair<CLI::App*, std::function<ExitCode()>>> commands_;
};

}  // namespace varprop
