#include "driver/commands/plan_command.hpp"

#include "driver/commands/shared_options.hpp"
#include "driver/commands/standard_output.hpp"
#include "driver/forecast/forecast_page.hpp"
#include "driver/run/cores.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop {

namespace {

constexpr const char* footer =
    "Says what a sweep would take on so many ranks and threads, and runs nothing:\n"
    "  points and units, and the engine, units and core-hours of each activation\n"
    "  and weight distribution; the longest unit, with its point\n"
    "  makespan and efficiency: the sweep's own dispatcher, in simulated time\n"
    "  memory of rank 0 and of the others; size of the file, and its padding\n"
    "  the batches that mend a sweep whose longest unit keeps cores waiting\n"
    "  the #SBATCH lines to ask SLURM for all this\n"
    "Times are those of the reference machine (docs/engines.md), or of this one\n"
    "with --pilot, which computes a random sample of the units and times it.\n"
    "\n"
    "Examples:\n"
    "  varprop plan examples/edge-of-chaos.toml --pilot 1%\n"
    "  varprop plan big.toml --ranks 1000 --threads 2 --set simulation.batches=64";

}  // namespace

Command plan_command(PlanOptions& options) {
  Command command("plan", "Says what a sweep would take: time, memory, disk.",
                  "varprop plan SWEEP.toml [options]");
  command.positional("SWEEP.toml", "what to sweep", into(options.sweep_file)).required();
  add_number_option(command, "--ranks", options.ranks, 1, 1'000'000, "processes, as of mpirun -n (1)");
  add_threads_option(command, options.threads, "compute threads of each (this machine's cores)");
  add_setting_options(command, options.overrides, options.engine);
  command.option("--pilot", "SIZE", "time a sample here: 1%, or 200 units",
                 parsed(options.pilot, parse_sample_size));
  command.flag("--json", "one JSON object, for programs", options.json);
  command.footer = footer;
  command.run = [&options] { return run_plan(options); };
  return command;
}

ExitCode run_plan(const PlanOptions& options) {
  if (!speaks()) return ExitCode::complete;
  const Sweep sweep = resolve_sweep(read_sweep_text(options.sweep_file, options.overrides, options.engine));
  const int cores = usable_cores().usable;
  const Machine machine{options.ranks, options.threads > 0 ? options.threads : cores};
  std::optional<Pilot> pilot;
  Progress progress(ProgressMode::automatic);
  if (options.pilot) pilot = run_pilot(sweep, *options.pilot, cores, progress);
  const Forecast result = forecast(sweep, machine, pilot);
  print_out(options.json ? forecast_json(result) : forecast_page(result));
  return ExitCode::complete;
}

}  // namespace varprop
