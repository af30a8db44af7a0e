#include "driver/commands/sweep_command.hpp"

#include "driver/commands/byte_count.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/parsed_option.hpp"
#include "driver/commands/shard_text.hpp"
#include "driver/commands/shared_options.hpp"
#include "driver/run/duration.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop {

namespace {

std::string footer() {
  return "Alone it uses all cores; under mpirun or srun, the cores of every rank. Stopped\n"
         "or killed, the same command goes on where it was.\n\n"
         "Keys of the sweep file (* must be given; docs/sweep-file.md explains them):\n" +
         sweep_file_help() +
         "\n\nExamples:\n"
         "  varprop sweep examples/edge-of-chaos.toml -o edge.h5\n"
         "  mpirun -n 64 varprop sweep big.toml -o big.h5 --set 'grid.width=[64,128]'";
}

void add_results_options(CLI::App& command, SweepOptions& options) {
  command.add_option("-o,--output", options.results, "where the results go")
      ->required()
      ->option_text("RESULTS.h5");
  auto* resume =
      command.add_flag("--resume", options.resume, "continue RESULTS.h5 (the default where it fits)");
  command.add_flag("--overwrite", options.overwrite, "begin anew where RESULTS.h5 holds results of varprop")
      ->excludes(resume);
  add_parsed_option(command, "--shard", options.shard, parse_shard,
                    "only the I-th of N parts, into a file of its own")
      ->option_text("I/N");
  command.add_option("--reuse", options.reuse, "take done units from earlier results; repeatable")
      ->option_text("OLD.h5")
      ->allow_extra_args(false);
  add_parsed_option(command, "--max-file-size", options.max_file_size, parse_byte_count,
                    "refuse larger results (20GB)")
      ->option_text("SIZE");
}

void add_run_options(CLI::App& command, SweepOptions& options) {
  add_threads_option(command, options.threads, "compute threads of a process (its cores)");
  add_parsed_option(command, "--time-limit", options.time_limit, parse_duration,
                    "end, resumable, within e.g. 1h30m (a job's own end)")
      ->option_text("TIME");
  add_parsed_option(command, "--grace", options.grace, parse_duration,
                    "for running units after SIGUSR1 (30s)")
      ->option_text("TIME");
  add_parsed_option(command, "--fault", options.fault, Fault::parse, "")->group("");
  add_pace_option(command, options.pace);
  add_progress_option(command, options.progress);
}

}  // namespace

CLI::App* add_sweep_command(CLI::App& app, SweepOptions& options) {
  CLI::App* command = app.add_subcommand("sweep", "Simulates every point of a sweep file.");
  command->formatter(std::make_shared<HelpPage>("varprop sweep SWEEP.toml -o RESULTS.h5 [options]"));
  command->add_option("SWEEP.toml", options.sweep_file, "what to sweep")->required();
  add_results_options(*command, options);
  add_setting_options(*command, options.overrides, options.engine);
  add_run_options(*command, options);
  command->footer(footer());
  return command;
}

}  // namespace varprop
