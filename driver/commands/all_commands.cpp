#include "driver/commands/all_commands.hpp"

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

Command varprop() {
  Command program("varprop", description, "varprop COMMAND [options], explained by varprop COMMAND --help");
  program.footer = footer;
  program.options.push_back({{"--version"}, "", "print the version and what it was built with", nullptr});
  return program;
}

}  // namespace

AllCommands::AllCommands(const std::string& command_line) : program_{varprop(), {}} {
  sweep_options_.command_line = command_line;
  merge_options_.command_line = command_line;
  program_.commands = {sweep_command(sweep_options_),     plan_command(plan_options_),
                       status_command(status_options_),   verify_command(verify_options_),
                       analyze_command(analyze_options_), merge_command(merge_options_),
                       theory_command(theory_options_),   explain_command(explain_options_)};
  // Help comes last: it explains those that are there.
  program_.commands.push_back(help_command(help_options_, program_));
}

}  // namespace varprop
