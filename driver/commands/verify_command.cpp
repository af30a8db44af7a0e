// `varprop verify`.
#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/verify/verification.hpp"

namespace varprop::driver {

namespace {

constexpr const char* verify_footer =
    "Computes a random sample of the done units again and compares every bit of\n"
    "every result dataset (all but wall_seconds), with the fill beyond a point's\n"
    "depth; batch, replica and engine too. The file is only read, also while a\n"
    "sweep writes it. An equal file is proof of the machine, the program and the\n"
    "disk alike: points, not grids or ranks, decide the numbers.\n"
    "\n"
    "Says how many units were compared and, where bits differ, which points,\n"
    "batches, datasets and places. A file of another numerics version is refused.\n"
    "\n"
    "Exit codes: 0 equal, 3 a difference, 2 bad usage or input, 1 other.\n"
    "\n"
    "Examples:\n"
    "  varprop verify edge.h5\n"
    "  varprop verify edge.h5 --sample 100% --threads 8";

}  // namespace

Command verify_command() {
  const auto options = std::make_shared<VerifyOptions>();
  const auto answer = std::make_shared<AnswerOptions>();
  Command command("verify", "Computes done units again and compares bits.",
                  "varprop verify RESULTS.h5 [options]");
  command.positional("RESULTS.h5", "what `varprop sweep` wrote", into(options->results)).required();
  command.option("--sample", "SIZE",
                 fmt::format("1%, or a number of units ({:g}%)", 100 * options->sample.share),
                 parsed(options->sample, parse_sample_size));
  command.option("--seed", "S", fmt::format("another seed, another sample ({})", options->seed),
                 parsed(options->seed, parse_seed));
  add_threads_option(command, options->threads, "compute threads (the cores of this process)");
  add_progress_option(command, options->progress);
  add_answer_options(command, *answer);
  command.footer = verify_footer;
  command.run = [options, answer] { return run_verify(*options, *answer); };
  return command;
}

ExitCode run_verify(const VerifyOptions& options, const AnswerOptions& answer) {
  if (!speaks()) return ExitCode::complete;
  VerifyOptions heard = options;
  if (answer.quiet) heard.progress = ProgressMode::none;
  const Verification result = verify(heard);
  if (answer.json) {
    print_out(verification_json(result));
  } else if (!answer.quiet || !result.equal()) {
    print_out(verification_page(result));
  }
  return result.equal() ? ExitCode::complete : ExitCode::some_points_failed;
}

}  // namespace varprop::driver
