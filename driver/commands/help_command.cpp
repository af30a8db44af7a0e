// `varprop help`.
#include <memory>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/sweep_file/schema.hpp"

namespace varprop::driver {

namespace {

constexpr const char* help_footer =
    "The same page as varprop COMMAND --help. Installed, the pages are manual pages\n"
    "as well: man varprop, man varprop-sweep. What they are too short for stands in\n"
    "docs/, which docs/installing.md says where to find.\n"
    "\n"
    "Examples:\n"
    "  varprop help\n"
    "  varprop help sweep\n"
    "  varprop help --schema > sweep.schema.json";

}  // namespace

Command help_command(const Program& program) {
  const auto whose = std::make_shared<std::string>();  // empty: the program's
  const auto schema = std::make_shared<bool>(false);
  Command command("help", "Prints this page, or a command's.", "varprop help [COMMAND] [options]");
  command.positional("COMMAND", "whose page", into(*whose)).offer(program.names());
  command.flag("--schema", "print the JSON Schema of sweep files, for editors", *schema);
  command.footer = help_footer;
  command.run = [whose, schema, &program] {
    const std::string page = *schema ? sweep_file_schema().dump(2) : help_text(program, *whose);
    if (speaks()) print_out(page);
    return ExitCode::complete;
  };
  return command;
}

}  // namespace varprop::driver
