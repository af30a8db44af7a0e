// `varprop plan`.
#include <memory>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/forecast/forecast.hpp"
#include "driver/run/probe.hpp"
#include "driver/run/process.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {

namespace {

constexpr const char* plan_footer =
    "Says what a sweep would take on so many ranks and threads, and runs nothing:\n"
    "  points and units, and the engine, units and core-hours of each activation\n"
    "  and weight distribution; the longest unit, with its point\n"
    "  makespan and efficiency: the sweep's own dispatcher, in simulated time\n"
    "  memory of rank 0 and of the others; size of the file, and its padding\n"
    "  the batches that mend a sweep whose longest unit keeps cores waiting\n"
    "  the #SBATCH lines to ask SLURM for all this\n"
    "Times are the cost model's (docs/engines.md) times a factor for this machine,\n"
    "by a probe of some 40 ms; or, with --pilot, by a random sample of the units,\n"
    "which it computes and times.\n"
    "\n"
    "Examples:\n"
    "  varprop plan examples/edge-of-chaos.toml --pilot 1%\n"
    "  varprop plan big.toml --ranks 1000 --threads 2 --set simulation.batches=64";

/// By a pilot on so many threads where one is asked for, else by a probe.
Speed speed_of(const Sweep& sweep, const PlanOptions& options, int threads) {
  if (options.pilot) {
    Progress progress(ProgressMode::automatic);
    const Pilot pilot = run_pilot(sweep, *options.pilot, threads, progress);
    return {Speed::Source::pilot, pilot.calibration, pilot};
  }
  if (options.pace) return {Speed::Source::pinned, Calibration::fixed(sweep, *options.pace)};
  const Calibration probed = probe_machine(sweep);
  return {probed.empty() ? Speed::Source::model : Speed::Source::probe, probed};
}

/// What a preset stands for in this sweep; empty where there is none.
std::string preset_text(const SweepText& text) {
  const auto values = preset_values(text);
  if (values.empty()) return "";
  std::vector<std::string> parts;
  for (const auto& [key, value] : values) parts.push_back(key + " = " + value);
  return "preset: " + join(parts, ", ") + "\n\n";
}

}  // namespace

Command plan_command() {
  const auto options = std::make_shared<PlanOptions>();
  Command command("plan", "Says what a sweep would take: time, memory, disk.",
                  "varprop plan SWEEP.toml [options]");
  command.positional("SWEEP.toml", "what to sweep", into(options->sweep_file)).required();
  add_number_option(command, "--ranks", options->ranks, 1, 1'000'000, "processes, as of mpirun -n (1)");
  add_threads_option(command, options->threads, "compute threads of each (this machine's cores)");
  add_setting_options(command, options->overrides, options->engine);
  command.option("--pilot", "SIZE", "time a sample here: 1%, or 200 units",
                 parsed(options->pilot, parse_sample_size));
  add_pace_option(command, options->pace);
  command.flag("--json", "one JSON object, for programs", options->json);
  command.footer = plan_footer;
  command.run = [options] { return run_plan(*options); };
  return command;
}

ExitCode run_plan(const PlanOptions& options) {
  if (!speaks()) return ExitCode::complete;
  const SweepText text = read_sweep_text(options.sweep_file, options.overrides, options.engine);
  const Sweep sweep = resolve_sweep(text);
  const int cores = usable_cores().usable;
  const Machine machine{options.ranks, options.threads > 0 ? options.threads : cores};
  const Forecast result = forecast(sweep, machine, speed_of(sweep, options, cores));
  print_out(options.json ? forecast_json(result) : preset_text(text) + forecast_page(result));
  return ExitCode::complete;
}

}  // namespace varprop::driver
