#include "driver/commands/pages/command_reference.hpp"

#include <algorithm>

#include "core/contracts.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/value_words.hpp"

namespace varprop {

namespace {

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

/// "h5" of "RESULTS.h5"; empty where the text names no file.
std::string extension_of(const std::string& value) {
  const auto dot = value.find('.');
  if (dot == std::string::npos || dot == 0) return "";
  const std::string extension = value.substr(dot + 1);
  const bool plain = std::all_of(extension.begin(), extension.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return plain ? extension : "";
}

void classify(ArgumentReference& argument) {
  argument.extension = extension_of(argument.value);
  if (!argument.words.empty()) {
    argument.kind = ValueKind::words;
  } else if (argument.value == "DIR") {
    argument.kind = ValueKind::directory;
  } else if (!argument.extension.empty()) {
    argument.kind = ValueKind::file;
  }
}

ArgumentReference argument_reference(CLI::Option& option) {
  ArgumentReference argument;
  argument.description = option.get_description();
  argument.repeatable = option.get_expected_max() > 1;
  argument.words = offered_words(option);
  if (option.get_positional()) {
    argument.value = option.get_name(true);
  } else {
    argument.names = names_of(option);
    argument.value = option.get_expected_max() == 0 ? "" : option.get_option_text();
  }
  for (const CLI::Option* other : option.get_excludes()) {
    for (std::string& name : names_of(*other)) argument.excluded.push_back(std::move(name));
  }
  classify(argument);
  return argument;
}

CommandReference command_reference(CLI::App& app) {
  const auto page = std::dynamic_pointer_cast<HelpPage>(app.get_formatter());
  VARPROP_EXPECT(page);
  CommandReference command{app.get_name(), app.get_description(), page->usage(), {}, {}, app.get_footer()};
  for (CLI::Option* option : app.get_options([](CLI::Option* o) { return !o->get_group().empty(); })) {
    (option->get_positional() ? command.positionals : command.options).push_back(argument_reference(*option));
  }
  return command;
}

}  // namespace

ProgramReference program_reference(CLI::App& app) {
  ProgramReference reference{command_reference(app), {}};
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    reference.commands.push_back(command_reference(*command));
  }
  return reference;
}

}  // namespace varprop
