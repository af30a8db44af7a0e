// `varprop explain`.
#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/pages.hpp"

namespace varprop::driver {

namespace {

constexpr const char* page_name = "explain.html";

constexpr const char* explain_footer =
    "Tells, from the start, why weights must be smaller where a layer is wider: why\n"
    "cancellation is no plan, why small times small does not vanish, what the\n"
    "gradient does, what depth and ReLU change, how far one network strays, and\n"
    "which variance suits which activation. Every number is simulated there and\n"
    "then, in seconds, with its error and beside its exact value; the same seed\n"
    "gives the same numbers. --json lists them with an exact test of each.\n"
    "More: docs/explain.md.\n"
    "\n"
    "Examples:\n"
    "  varprop explain | less\n"
    "  varprop explain --json --seed 2\n"
    "  varprop explain --width 32 -o story    # and story/explain.html";

std::int64_t parse_width(const std::string& text) {
  const auto number = parse_number(text);
  validate(number && explained_widths.contain(*number), "allowed is " + text_of(explained_widths) + ".");
  return static_cast<std::int64_t>(*number);
}

}  // namespace

Command explain_command() {
  const auto options = std::make_shared<ExplainOptions>();
  Command command("explain", "Tells why weights must shrink, with numbers.", "varprop explain [options]");
  command.option("--width", "N", fmt::format("neurons in every layer ({})", options->setting.width),
                 parsed(options->setting.width, parse_width));
  command.option("--seed", "S", fmt::format("of all simulations ({})", options->setting.seed),
                 parsed(options->setting.seed, parse_seed));
  command.flag("--json", "the measured numbers, one JSON object", options->json);
  add_directory_option(command, "write explain.html there too", into(options->directory));
  command.footer = explain_footer;
  command.run = [options] { return run_explain(*options); };
  return command;
}

ExitCode run_explain(const ExplainOptions& options) {
  if (!speaks()) return ExitCode::complete;
  const bool page = !options.directory.empty();
  if (page) validate_page_place(options.directory, page_name);
  const Explanation explanation = explain(options.setting);
  if (page) write_page(options.directory, page_name, html_page(explanation));
  print_out(options.json ? explanation_json(explanation) : terminal_page(explanation));
  return ExitCode::complete;
}

}  // namespace varprop::driver
