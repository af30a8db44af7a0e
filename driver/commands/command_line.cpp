#include "driver/commands/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/contracts.hpp"
#include "core/parallel/communicator.hpp"
#include "core/text.hpp"
#include "driver/commands/analyze_command.hpp"
#include "driver/commands/exit.hpp"
#include "driver/commands/explain_command.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/merge_command.hpp"
#include "driver/commands/plan_command.hpp"
#include "driver/commands/status_command.hpp"
#include "driver/commands/sweep_command.hpp"
#include "driver/commands/theory_command.hpp"
#include "driver/commands/verify_command.hpp"
#include "driver/commands/version_text.hpp"

namespace varprop {

namespace {

constexpr const char* description =
    "varprop sweeps random neural networks and measures how the variance of the\n"
    "signal (forward) and of the gradient (backward) changes from layer to layer:\n"
    "does a network of this width, depth, activation and initialization variance\n"
    "start out vanishing, stable or exploding, and why?";

constexpr const char* footer =
    "A sweep file names the grid: every combination of its axes is a point, and of\n"
    "every point many random networks are drawn. The results are one HDF5 file.\n"
    "\n"
    "Exit codes: 0 complete, 2 bad usage or input, 3 complete but some points\n"
    "failed (or a bit differs: verify), 75 stopped early (run the same command\n"
    "again to go on), 1 other.\n"
    "\n"
    "Examples:\n"
    "  varprop plan examples/edge-of-chaos.toml\n"
    "  varprop sweep examples/edge-of-chaos.toml -o edge.h5\n"
    "  mpirun -n 8 varprop sweep examples/edge-of-chaos.toml -o edge.h5\n"
    "  varprop status edge.h5\n"
    "  varprop verify edge.h5 --sample 1%\n"
    "  varprop analyze edge.h5 -o edge-analysis\n"
    "  varprop theory --activation tanh --weight-variance 1.5\n"
    "  varprop explain";

/// A word as it must be typed in a POSIX shell.
std::string shell_quoted(const std::string& word) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=,:+-@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

void print(const std::string& text) {
  if (rank_from_environment() == 0) fmt::print("{}\n", text);
}

/// All commands, and the options that the chosen one was given.
class CommandLine {
 public:
  CommandLine(int argc, const char* const* argv) : arguments_(argv, argv + argc) {
    app_.name("varprop");
    app_.description(description);
    app_.footer(footer);
    app_.formatter(
        std::make_shared<HelpPage>("varprop COMMAND [options], explained by varprop COMMAND --help"));
    app_.set_help_flag("-h,--help", "print this page");
    app_.set_version_flag("--version", version_text(), "print the version and what it was built with");
    app_.require_subcommand(1);
    for (const std::string& word : arguments_) {
      sweep_options_.command_line += (sweep_options_.command_line.empty() ? "" : " ") + shell_quoted(word);
    }
    merge_options_.command_line = sweep_options_.command_line;
    commands_ = {
        {add_sweep_command(app_, sweep_options_), [this] { return run_sweep(sweep_options_); }},
        {add_plan_command(app_, plan_options_), [this] { return run_plan(plan_options_); }},
        {add_status_command(app_, status_options_), [this] { return run_status(status_options_); }},
        {add_verify_command(app_, verify_options_), [this] { return run_verify(verify_options_); }},
        {add_analyze_command(app_, analyze_options_), [this] { return run_analyze(analyze_options_); }},
        {add_merge_command(app_, merge_options_), [this] { return run_merge(merge_options_); }},
        {add_theory_command(app_, theory_options_), [this] { return run_theory(theory_options_); }},
        {add_explain_command(app_, explain_options_), [this] { return run_explain(explain_options_); }}};
  }

  ExitCode run() {
    try {
      refuse_unknown_command();
      app_.parse(reversed_arguments());
    } catch (const CLI::CallForVersion& version) {
      return print(version.what()), ExitCode::complete;
    } catch (const CLI::Success&) {
      return print(trimmed(app_.help())), ExitCode::complete;
    } catch (const CLI::ParseError& error) {
      throw InputError(sentence(error) + " See " + chosen_name() + " --help.");
    }
    const auto chosen =
        std::find_if(commands_.begin(), commands_.end(), [](auto& c) { return c.first->parsed(); });
    VARPROP_ASSERT(chosen != commands_.end());
    return chosen->second();
  }

 private:
  /// CLI11 takes the arguments last first, without the program's name.
  std::vector<std::string> reversed_arguments() const {
    return {arguments_.rbegin(), arguments_.rend() - (arguments_.empty() ? 0 : 1)};
  }

  std::vector<std::string> command_names() const {
    std::vector<std::string> names;
    for (const auto& command : commands_) names.push_back(command.first->get_name());
    return names;
  }

  void refuse_unknown_command() const {
    if (arguments_.size() < 2 || arguments_[1].starts_with("-")) return;
    const auto names = command_names();
    if (std::find(names.begin(), names.end(), arguments_[1]) != names.end()) return;
    throw InputError(fmt::format("unknown command \"{}\".{} Commands: {}. See varprop --help.", arguments_[1],
                                 suggestion(arguments_[1], names), join(names)));
  }

  const CLI::App& chosen() const {
    for (const auto& command : commands_) {
      if (command.first->parsed()) return *command.first;
    }
    return app_;
  }

  std::string chosen_name() const {
    return &chosen() == &app_ ? "varprop" : "varprop " + chosen().get_name();
  }

  std::string sentence(const CLI::ParseError& error) const {
    if (&chosen() == &app_ && arguments_.size() < 2)
      return "a command is needed: " + join(command_names()) + ".";
    std::vector<std::string> options;
    for (const CLI::Option* option : chosen().get_options()) {
      if (!option->get_positional()) options.push_back("--" + option->get_lnames().front());
    }
    const auto extras = app_.remaining(true);
    if (extras.empty()) return std::string(error.what()) + ".";
    const bool is_option = extras.front().starts_with("-");
    return fmt::format("unknown {} \"{}\".{}", is_option ? "option" : "argument", extras.front(),
                       is_option ? suggestion(extras.front(), options) : "");
  }

  static std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
  }

  std::vector<std::string> arguments_;
  CLI::App app_;
  SweepOptions sweep_options_;
  PlanOptions plan_options_;
  StatusOptions status_options_;
  VerifyOptions verify_options_;
  AnalyzeOptions analyze_options_;
  MergeOptions merge_options_;
  TheoryOptions theory_options_;
  ExplainOptions explain_options_;
  std::vector<std::pair<CLI::App*, std::function<ExitCode()>>> commands_;
};

}  // namespace

ExitCode run_command_line(int argc, const char* const* argv) {
  return guarded([&] { return CommandLine(argc, argv).run(); });
}

}  // namespace varprop
