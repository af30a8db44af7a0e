#include "driver/commands/merge_command.hpp"

#include "driver/commands/byte_count.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/parsed_option.hpp"
#include "driver/commands/standard_output.hpp"

namespace varprop {

namespace {

constexpr const char* footer =
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

CLI::App* add_merge_command(CLI::App& app, MergeOptions& options) {
  CLI::App* command = app.add_subcommand("merge", "Joins parts of one sweep, such as its shards.");
  command->formatter(std::make_shared<HelpPage>("varprop merge OUT.h5 PART.h5... [options]"));
  command->add_option("OUT.h5", options.results, "the merged file")->required();
  command->add_option("PART.h5", options.parts, "results of one sweep")->required();
  command->add_flag("--overwrite", options.overwrite, "replace OUT.h5 where it holds results of varprop");
  add_parsed_option(*command, "--max-file-size", options.max_file_size, parse_byte_count,
                    "refuse larger results (20GB)")
      ->option_text("SIZE");
  command->footer(footer);
  return command;
}

ExitCode run_merge(const MergeOptions& options) {
  if (!speaks()) return ExitCode::complete;
  return merge_results(options);
}

}  // namespace varprop
