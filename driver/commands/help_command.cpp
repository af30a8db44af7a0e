#include "driver/commands/help_command.hpp"

#include "driver/commands/command_line.hpp"
#include "driver/commands/standard_output.hpp"

namespace varprop {

namespace {

constexpr const char* footer =
    "The same page as varprop COMMAND --help. Installed, the pages are manual pages\n"
    "as well: man varprop, man varprop-sweep. What they are too short for stands in\n"
    "docs/, which docs/installing.md says where to find.\n"
    "\n"
    "Examples:\n"
    "  varprop help\n"
    "  varprop help sweep";

}  // namespace

Command help_command(HelpOptions& options, const Program& program) {
  Command command("help", "Prints this page, or a command's.", "varprop help [COMMAND]");
  command.positional("COMMAND", "whose page", into(options.command)).offer(program.names());
  command.footer = footer;
  command.run = [&options, &program] {
    const std::string page = help_text(program, options.command);
    if (speaks()) print_out(page);
    return ExitCode::complete;
  };
  return command;
}

}  // namespace varprop
