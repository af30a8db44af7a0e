#include "driver/command_line/installed_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/build_info.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// How the script goes from words to offers; the three tables that it asks are made from the command line.
constexpr const char* engine = R"bash(
_varprop_offer() {  # sets COMPREPLY to what $kind and $list allow and what begins with $current
  case $kind in
    words) mapfile -t COMPREPLY < <(compgen -W "$list" -- "$current") ;;
    file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -X "!*.$list" -- "$current"; compgen -d -- "$current")
      ;;
    directory)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      ;;
  esac
  [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

# Bash takes --option=value and KEY=VALUE apart: the equals sign is a word of its own.
_varprop() {
  local current=${COMP_WORDS[COMP_CWORD]} command='' kind=words list='' argument=1 i
  COMPREPLY=()
  [[ $current != = ]] || current=''
  if ((COMP_CWORD > 1)); then command=${COMP_WORDS[1]}; fi
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == = ]]; then
      ((++i))
    elif [[ ${COMP_WORDS[i]} != -* ]]; then
      ((++argument))
    elif _varprop_option "$command" "${COMP_WORDS[i]}"; then
      [[ ${COMP_WORDS[i + 1]-} != = ]] || ((++i))
      if ((++i >= COMP_CWORD)); then
        _varprop_offer
        return
      fi
    fi
  done
  if ((COMP_CWORD > 1 && i > COMP_CWORD)) || [[ ${COMP_WORDS[COMP_CWORD]} == = ]]; then return; fi
  kind=words
  if [[ $current == -* ]]; then
    _varprop_options "$command"
  elif [[ -z $command ]]; then
    _varprop_commands
  else
    _varprop_argument "$command" "$argument" || return
  fi
  _varprop_offer
}
complete -F _varprop varprop
)bash";

std::string assignments(const Argument& argument) {
  switch (argument.kind()) {
    case ValueKind::words:
      return fmt::format("kind=words list='{}'", join(argument.words, " "));
    case ValueKind::file:
      return "kind=file list=" + argument.extension();
    case ValueKind::directory:
      return "kind=directory list=''";
    case ValueKind::text:
      return "kind=text list=''";
  }
  return "";
}

std::string option_cases(const Command& command) {
  std::string cases;
  for (const Argument& option : command.options) {
    if (option.value.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : option.names)
      patterns.push_back(fmt::format("'{} {}'", command.name, name));
    cases += fmt::format("    {}) {} ;;\n", join(patterns, " | "), assignments(option));
  }
  return cases;
}

std::string argument_cases(const Command& command) {
  std::string cases;
  for (std::size_t i = 0; i < command.positionals.size(); ++i) {
    const Argument& argument = command.positionals[i];
    const std::string number = argument.is_repeatable ? " '*" : fmt::format(" {}'", i + 1);
    cases += fmt::format("    '{}{}) {} ;;\n", command.name, number, assignments(argument));
  }
  return cases;
}

std::string options_case(const Command& command, const std::string& pattern) {
  std::vector<std::string> names;
  for (const Argument& option : command.options) {
    for (const std::string& name : option.names) names.push_back(name);
  }
  return fmt::format("    {}) list='{}' ;;\n", pattern, join(names, " "));
}

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

std::string fish_quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return word + "'";
}

/// " -l output -s o" of an option.
std::string fish_names(const Argument& argument) {
  std::string text;
  for (const std::string& name : argument.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return text;
}

std::string fish_values(const Argument& argument) {
  switch (argument.kind()) {
    case ValueKind::words:
      return fmt::format("-a {}", fish_quoted(join(argument.words, " ")));
    case ValueKind::file:
      return fmt::format("-a '(__fish_complete_suffix .{})'", argument.extension());
    case ValueKind::directory:
      return "-a '(__fish_complete_directories)'";
    case ValueKind::text:
      return "";
  }
  return "";
}

/// An option, or what may stand as a positional argument.
std::string fish_line(const Argument& argument, const std::string& condition) {
  std::string text = fmt::format("complete -c varprop -n {}{}", condition, fish_names(argument));
  if (!argument.value.empty()) {
    const std::string values = fish_values(argument);
    if (!argument.positional()) text += " -x";
    if (!values.empty()) text += " " + values;
  }
  return text + " -d " + fish_quoted(argument.description) + "\n";
}

}  // namespace

std::string bash_completion(const Program& program) {
  std::string values, arguments, options = options_case(program.self, "''");
  std::vector<std::string> names;
  for (const Command& command : program.commands) {
    names.push_back(command.name);
    values += option_cases(command);
    arguments += argument_cases(command);
    options += options_case(command, command.name);
  }
  return fmt::format("# bash completion of varprop {}, made from its command line.\n", program_version()) +
         "\n_varprop_option() {  # COMMAND OPTION: sets kind and list; fails where the option takes no "
         "value\n"
         "  case \"$1 $2\" in\n" +
         values + "    *) return 1 ;;\n  esac\n}\n" +
         "\n_varprop_argument() {  # COMMAND NUMBER: sets kind and list; fails where there is no such "
         "argument\n"
         "  case \"$1 $2\" in\n" +
         arguments + "    *) return 1 ;;\n  esac\n}\n" +
         "\n_varprop_options() {  # COMMAND: sets list\n  case $1 in\n" + options + "  esac\n}\n" +
         fmt::format("\n_varprop_commands() {{\n  list='{}'\n}}\n", join(names, " ")) + engine;
}

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

std::string fish_completion(const Program& program) {
  std::string text =
      fmt::format("# fish completion of varprop {}, made from its command line.\n\ncomplete -c varprop -f\n",
                  program_version());
  for (const Argument& option : program.self.options) text += fish_line(option, "__fish_use_subcommand");
  for (const Command& command : program.commands) {
    text += fmt::format("complete -c varprop -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_quoted(command.summary));
    const std::string within = fmt::format("'__fish_seen_subcommand_from {}'", command.name);
    for (const Argument& option : command.options) text += fish_line(option, within);
    for (const Argument& positional : command.positionals) text += fish_line(positional, within);
  }
  return text;
}

}  // namespace varprop::driver
