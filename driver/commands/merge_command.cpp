// `varprop merge`.
#include <memory>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"

namespace varprop::driver {

namespace {

constexpr const char* merge_footer =
    "Joins parts of one sweep: shards (varprop sweep --shard), whole files, or both,\n"
    "in any number and order. Of every unit the best that any part knows is taken:\n"
    "done over failed over pending. Units that are done in two parts must be equal\n"
    "to the last bit. OUT.h5 appears when all is in it; the parts stay as they are.\n"
    "\n"
    "It is an ordinary results file: where something is missing or has failed,\n"
    "varprop sweep SWEEP.toml -o OUT.h5 goes on with it.\n"
    "\n"
    "Exit codes: 0 complete, 75 units are still pending, 3 complete but some failed,\n"
    "2 parts that do not belong together or contradict each other, 1 other.\n"
    "\n"
    "Examples:\n"
    "  varprop merge edge.h5 edge-1.h5 edge-2.h5 edge-3.h5 edge-4.h5\n"
    "  varprop merge --overwrite edge.h5 edge-*.h5";

}  // namespace

Command merge_command(const std::string& command_line) {
  const auto options = std::make_shared<MergeOptions>();
  options->command_line = command_line;
  const auto answer = std::make_shared<AnswerOptions>();
  Command command("merge", "Joins parts of one sweep, such as its shards.",
                  "varprop merge OUT.h5 PART.h5... [options]");
  command.positional("OUT.h5", "the merged file", into(options->results)).required();
  command.positional("PART.h5", "results of one sweep", into(options->parts)).required().repeatable();
  command.flag("--overwrite", "replace OUT.h5 where it holds results of varprop", options->overwrite);
  add_file_size_option(command, options->max_file_size);
  add_answer_options(command, *answer);
  command.footer = merge_footer;
  command.run = [options, answer] { return run_merge(*options, *answer); };
  return command;
}

ExitCode run_merge(const MergeOptions& options, const AnswerOptions& answer) {
  if (!speaks()) return ExitCode::complete;
  MergeOptions heard = options;
  heard.quiet = answer.quiet;
  const ExitCode code = merge_results(heard);
  if (answer.json) print_status_json(options.results);
  return code;
}

}  // namespace varprop::driver
