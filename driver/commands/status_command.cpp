// `varprop status`.
#include <memory>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/status/sweep_status.hpp"

namespace varprop::driver {

namespace {

constexpr const char* status_footer =
    "Works while the sweep runs and after it, disturbs nobody, changes nothing:\n"
    "  units      done, pending, failed\n"
    "  cost       what remains, predicted and scaled by the measured times\n"
    "  writer     who is writing now, if anybody (RESULTS.h5.lock)\n"
    "  jobs       who worked on it, and how each ended (RESULTS.h5.log.jsonl)\n"
    "  failures   which batch of which point, and why\n"
    "Jobs and reasons are from the event log: where it is lost they are unknown,\n"
    "and no result is lost with it.\n"
    "\n"
    "Exit code 0 whatever the status, 2 where RESULTS.h5 is no results file.\n"
    "\n"
    "Example:\n"
    "  varprop status edge.h5 --json";

}  // namespace

Command status_command() {
  const auto options = std::make_shared<StatusOptions>();
  Command command("status", "Says how far a sweep is, while it runs and after.",
                  "varprop status RESULTS.h5 [options]");
  command.positional("RESULTS.h5", "what `varprop sweep` writes", into(options->results)).required();
  command.flag("--json", "one JSON object, for programs", options->json);
  command.footer = status_footer;
  command.run = [options] { return run_status(*options); };
  return command;
}

void print_status_json(const std::filesystem::path& results) {
  print_out(status_json(read_status(results)));
}

ExitCode run_status(const StatusOptions& options) {
  if (!speaks()) return ExitCode::complete;
  const SweepStatus status = read_status(options.results);
  print_out(options.json ? status_json(status) : status_page(status));
  return ExitCode::complete;
}

}  // namespace varprop::driver
