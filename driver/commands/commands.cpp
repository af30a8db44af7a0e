#include "driver/commands/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/version.hpp>
#include <string_view>
#include <utility>

#include "core/build_info.hpp"
#include "core/parallel/mpi_communicator.hpp"
#include "core/simd/target.hpp"
#include "core/storage/results_file.hpp"
#include "core/text/words.hpp"
#include "report/data/report_assets.hpp"

namespace varprop::driver {

namespace {

constexpr const char* description =
    "varprop sweeps random neural networks and measures how the variance of the\n"
    "signal (forward) and of the gradient (backward) changes from layer to layer:\n"
    "does a network of this width, depth, activation and initialization variance\n"
    "start out vanishing, stable or exploding, and why?";

constexpr const char* program_footer =
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
    "  varprop init --activation gelu --width 1024 --depth 24\n"
    "  varprop explain";

Command varprop() {
  Command program("varprop", description, "varprop COMMAND [options], explained by varprop COMMAND --help");
  program.footer = program_footer;
  program.options.push_back({{"--version"}, "", "print the version and what it was built with", nullptr});
  return program;
}

#if defined(VARPROP_CONTRACTS)
constexpr const char* contracts = "contracts on";
#else
constexpr const char* contracts = "contracts off";
#endif

/// "1.74", from "1_74".
std::string boost_version() {
  std::string version = BOOST_LIB_VERSION;
  std::replace(version.begin(), version.end(), '_', '.');
  return version;
}

/// What the program was built from and runs with: a name and its fact a line.
std::vector<std::pair<std::string_view, std::string>> build_facts() {
  return {{"compiler", compiler()},
          {"build", fmt::format("{}, {}", build_flags(), contracts)},
          {"SIMD", fmt::format("{} on this machine; compiled for {}; Highway {}", instruction_set(),
                               join(compiled_simd_targets()), highway_version())},
          {"MPI", fmt::format("{} (standard {})", mpi_library_version(), VARPROP_MPI_VERSION)},
          {"HDF5", hdf5_version()},
          {"Boost", boost_version()},
          {"report",
           report::page_template().empty() ? "without report.html: npm was missing" : "with report.html"}};
}

/// "varprop 0.2.0 (commit 5d2fa28c0ffe)", and a line for each fact of the build. Initialises nothing.
std::string version_text() {
  std::string text = fmt::format("varprop {} (commit {})", program_version(), git_commit());
  for (const auto& [name, fact] : build_facts()) text += fmt::format("\n  {:<10}{}", name, fact);
  return text;
}

}  // namespace

std::unique_ptr<const Program> all_commands(const std::string& command_line) {
  auto program = std::make_unique<Program>(Program{varprop(), {}, version_text});
  program->commands = {
      sweep_command(command_line), plan_command(),   status_command(), verify_command(), analyze_command(),
      merge_command(command_line), theory_command(), init_command(),   explain_command()};
  // Help comes last: it explains those that are there.
  program->commands.push_back(help_command(*program));
  return program;
}

}  // namespace varprop::driver
