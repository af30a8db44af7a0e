#include "driver/commands/pages/zsh_completion.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/build_info.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// Text inside a specification of _arguments, where brackets and colons separate.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

/// ":RESULTS.h5:_files -g '*.h5'"; nothing for a flag.
std::string value_specification(const Argument& argument) {
  if (argument.value.empty()) return "";
  const std::string name = ":" + escaped(argument.value) + ":";
  switch (argument.kind()) {
    case ValueKind::words: {
      const bool goes_on = argument.words.front().ends_with('=');
      return name + (goes_on ? fmt::format("compadd -S '' - {}", join(argument.words, " "))
                             : fmt::format("({})", join(argument.words, " ")));
    }
    case ValueKind::file:
      return name + fmt::format("_files -g '*.{}'", argument.extension());
    case ValueKind::directory:
      return name + "_files -/";
    case ValueKind::text:
      return name + " ";
  }
  return "";
}

/// One argument of _arguments for each of an option's names.
std::string option_specifications(const Argument& option) {
  std::vector<std::string> exclusive = option.excluded;
  if (!option.is_repeatable) exclusive.insert(exclusive.end(), option.names.begin(), option.names.end());
  const std::string group = option.is_repeatable ? "*" : fmt::format("({})", join(exclusive, " "));
  std::string text;
  for (const std::string& name : option.names) {
    const bool with_sign = !option.value.empty() && name.starts_with("--");  // --option=value as well
    text += " \\\n        " + quoted(group + name + (with_sign ? "=" : "") + "[" +
                                     escaped(option.description) + "]" + value_specification(option));
  }
  return text;
}

std::string command_case(const Command& command) {
  std::string text = fmt::format("      {})\n        _arguments", command.name);
  for (const Argument& option : command.options) text += option_specifications(option);
  for (const Argument& positional : command.positionals) {
    text += " \\\n        " + quoted((positional.is_repeatable ? "*" : "") + value_specification(positional));
  }
  return text + "\n        ;;\n";
}

}  // namespace

std::string zsh_completion(const Program& program) {
  std::string commands, cases, options;
  for (const Command& command : program.commands) {
    commands += "\n    " + quoted(command.name + ":" + escaped(command.summary));
    cases += command_case(command);
  }
  for (const Argument& option : program.self.options) options += option_specifications(option);
  return fmt::format("#compdef varprop\n# zsh completion of varprop {}, made from its command line.\n\n",
                     program_version()) +
         "local curcontext=$curcontext state line\n"
         "typeset -A opt_args\n"
         "local -a commands=(" +
         commands + "\n)\n_arguments -C" + options +
         " \\\n        '1:command:->command' '*::argument:->argument' && return\n"
         "case $state in\n"
         "  command) _describe -t commands 'varprop command' commands ;;\n"
         "  argument)\n"
         "    curcontext=${curcontext%:*:*}:varprop-$line[1]:\n"
         "    case $line[1] in\n" +
         cases + "    esac\n    ;;\nesac\n";
}

}  // namespace varprop
