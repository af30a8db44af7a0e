#include "driver/commands/all_commands.hpp"

#include <algorithm>
#include <memory>

#include "core/contracts.hpp"
#include "driver/commands/help_page.hpp"
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
    "Exit codes: 0 complete, 1 trouble outside (disk, memory), 2 bad usage or input,\n"
    "3 complete but some points failed (or a bit differs: verify), 75 stopped early\n"
    "(run the same command again to go on).\n"
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

void describe(CLI::App& app) {
  app.name("varprop");
  app.description(description);
  app.footer(footer);
  app.formatter(std::make_shared<HelpPage>("varprop COMMAND [options], explained by varprop COMMAND --help"));
  app.set_help_flag("-h,--help", "print this page");
  app.set_version_flag("--version", version_text, "print the version and what it was built with");
  app.require_subcommand(1);
}

}  // namespace

AllCommands::AllCommands(const std::string& command_line) {
  describe(app_);
  sweep_options_.command_line = command_line;
  merge_options_.command_line = command_line;
  commands_ = {
      {add_sweep_command(app_, sweep_options_), [this] { return run_sweep(sweep_options_); }},
      {add_plan_command(app_, plan_options_), [this] { return run_plan(plan_options_); }},
      {add_status_command(app_, status_options_), [this] { return run_status(status_options_); }},
      {add_verify_command(app_, verify_options_), [this] { return run_verify(verify_options_); }},
      {add_analyze_command(app_, analyze_options_), [this] { return run_analyze(analyze_options_); }},
      {add_merge_command(app_, merge_options_), [this] { return run_merge(merge_options_); }},
      {add_theory_command(app_, theory_options_), [this] { return run_theory(theory_options_); }},
      {add_explain_command(app_, explain_options_), [this] { return run_explain(explain_options_); }}};
  const auto explained = names();  // help comes last: it explains those that are there
  commands_.push_back(
      {add_help_command(app_, help_options_, explained), [this] { return run_help(app_, help_options_); }});
}

std::vector<std::string> AllCommands::names() const {
  std::vector<std::string> names;
  for (const auto& command : commands_) names.push_back(command.first->get_name());
  return names;
}

const CLI::App* AllCommands::chosen() const {
  for (const auto& command : commands_) {
    if (command.first->parsed()) return command.first;
  }
  return nullptr;
}

ExitCode AllCommands::run_chosen() const {
  const auto parsed =
      std::find_if(commands_.begin(), commands_.end(), [](auto& c) { return c.first->parsed(); });
  VARPROP_EXPECT(parsed != commands_.end());
  return parsed->second();
}

}  // namespace varprop
