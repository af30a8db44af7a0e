#include "driver/commands/pages/bash_completion.hpp"

#include <fmt/format.h>

#include "core/build_info.hpp"
#include "core/text.hpp"

namespace varprop {

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

}  // namespace varprop
