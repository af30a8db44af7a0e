// `varprop sweep`.
#include <memory>

#include "core/parallel/mpi_communicator.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/run/process.hpp"
#include "driver/schedule/duration.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop::driver {

namespace {

std::string sweep_footer() {
  return "Alone it uses all cores; under mpirun or srun, the cores of every rank. Stopped\n"
         "or killed, the same command goes on where it was.\n\n"
         "Keys of the sweep file (* must be given; docs/sweep-file.md explains them):\n" +
         sweep_file_help() +
         "\n\nExamples:\n"
         "  varprop sweep examples/edge-of-chaos.toml -o edge.h5\n"
         "  mpirun -n 64 varprop sweep big.toml -o big.h5 --set 'grid.width=[64,128]'";
}

void add_results_options(Command& command, SweepOptions& options) {
  command.option("-o,--output", "RESULTS.h5", "where the results go", into(options.results)).required();
  command.flag("--resume", "continue RESULTS.h5 (the default where it fits)", options.resume);
  command.flag("--overwrite", "begin anew where RESULTS.h5 holds results of varprop", options.overwrite);
  command.exclude("--resume", "--overwrite");
  command.option("--shard", "I/N", "only the I-th of N parts, into a file of its own",
                 parsed(options.shard, parse_shard));
  command.option("--reuse", "OLD.h5", "take done units from earlier results; repeatable", into(options.reuse))
      .repeatable();
  add_file_size_option(command, options.max_file_size);
}

void add_run_options(Command& command, SweepOptions& options) {
  add_threads_option(command, options.threads, "compute threads of a process (its cores)");
  command.option("--time-limit", "TIME", "end, resumable, within e.g. 1h30m (a job's own end)",
                 parsed(options.time_limit, parse_duration));
  command.option("--grace", "TIME", "for running units after SIGUSR1 (" + duration_text(options.grace) + ")",
                 parsed(options.grace, parse_duration));
  command.option("--fault", "FAULT", "a fault on purpose, for tests", parsed(options.fault, Fault::parse))
      .hidden();
  command
      .option("--patience", "SECONDS", "waits of a run, for tests", parsed(options.patience, Patience::parse))
      .hidden();
  add_pace_option(command, options.pace);
  add_progress_option(command, options.progress);
}

}  // namespace

Command sweep_command(const std::string& command_line) {
  const auto options = std::make_shared<SweepOptions>();
  options->command_line = command_line;
  const auto answer = std::make_shared<AnswerOptions>();
  Command command("sweep", "Simulates every point of a sweep file.",
                  "varprop sweep SWEEP.toml -o RESULTS.h5 [options]");
  command.positional("SWEEP.toml", "what to sweep", into(options->sweep_file)).required();
  add_results_options(command, *options);
  add_setting_options(command, options->overrides, options->engine);
  add_run_options(command, *options);
  add_answer_options(command, *answer);
  command.footer = sweep_footer();
  command.run = [options, answer] { return run_sweep_in_world(*options, *answer); };
  return command;
}

ExitCode run_sweep_in_world(const SweepOptions& options, const AnswerOptions& answer) {
  listen_to_soft_stops();  // one may come while MPI begins
  // Until the end of the process: a rank that has left MPI ends the others' lives (mpirun), maybe before rank
  // 0 has said why.
  static const std::unique_ptr<Communicator> world = mpi_communicator();
  SweepOptions heard = options;
  if (answer.quiet) heard.progress = ProgressMode::none;
  const ExitCode code = run_sweep(heard, *world);
  if (answer.json && world->root() && std::filesystem::exists(options.results))
    print_status_json(options.results);
  return code;
}

}  // namespace varprop::driver
