#include "driver/commands/help_command.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/standard_output.hpp"
#include "driver/commands/value_words.hpp"

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

CLI::App* add_help_command(CLI::App& app, HelpOptions& options, const std::vector<std::string>& commands) {
  CLI::App* command = app.add_subcommand("help", "Prints this page, or a command's.");
  command->formatter(std::make_shared<HelpPage>("varprop help [COMMAND]"));
  offer_words(command->add_option("COMMAND", options.command, "whose page"), commands);
  command->footer(footer);
  return command;
}

ExitCode run_help(const CLI::App& app, const HelpOptions& options) {
  const std::string page = help_text(options.command.empty() ? app : find_command(app, options.command));
  if (speaks()) print_out(page);
  return ExitCode::complete;
}

std::string help_text(const CLI::App& app) {
  std::string page = app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  page.erase(page.find_last_not_of('\n') + 1);
  return page;
}

const CLI::App& find_command(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return *command;
    names.push_back(command->get_name());
  }
  throw InputError(fmt::format("unknown command \"{}\".{} Commands: {}. See varprop --help.", name,
                               suggestion(name, names), join(names)));
}

}  // namespace varprop
