// varprop's commands, declared together, with the options that parsing fills.
#pragma once

#include <string>

#include "driver/commands/analyze_command.hpp"
#include "driver/commands/command.hpp"
#include "driver/commands/explain_command.hpp"
#include "driver/commands/help_command.hpp"
#include "driver/commands/merge_command.hpp"
#include "driver/commands/plan_command.hpp"
#include "driver/commands/status_command.hpp"
#include "driver/commands/sweep_command.hpp"
#include "driver/commands/theory_command.hpp"
#include "driver/commands/verify_command.hpp"

namespace varprop {

class AllCommands {
 public:
  /// `command_line`: as it was typed, for the provenance of what is written.
  explicit AllCommands(const std::string& command_line);
  AllCommands(const AllCommands&) = delete;
  AllCommands& operator=(const AllCommands&) = delete;

  const Program& program() const { return program_; }

 private:
  SweepOptions sweep_options_;
  PlanOptions plan_options_;
  StatusOptions status_options_;
  VerifyOptions verify_options_;
  AnalyzeOptions analyze_options_;
  MergeOptions merge_options_;
  TheoryOptions theory_options_;
  ExplainOptions explain_options_;
  HelpOptions help_options_;
  Program program_;
};

}  // namespace varprop
