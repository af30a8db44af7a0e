#include "driver/commands/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "core/text.hpp"
#include "driver/commands/all_commands.hpp"
#include "driver/commands/exit.hpp"
#include "driver/commands/standard_output.hpp"

namespace varprop {

namespace {

/// A word as it must be typed in a POSIX shell.
std::string shell_quoted(const std::string& word) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=,:+-@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(shell_quoted(word));
  return join(quoted, " ");
}

ExitCode answer(const std::string& text) {
  if (speaks()) print_out(text);
  return ExitCode::complete;
}

/// One command line, parsed and run; what CLI11 finds wrong with it becomes a sentence of ours.
class CommandLine {
 public:
  CommandLine(int argc, const char* const* argv)
      : arguments_(argv, argv + argc), commands_(shell_line(arguments_)) {}

  ExitCode run() {
    try {
      refuse_unknown_command();
      commands_.app().parse(reversed_arguments());
    } catch (const CLI::CallForVersion& version) {
      return answer(version.what());
    } catch (const CLI::Success&) {
      return answer(help_text(chosen()));
    } catch (const CLI::ParseError& error) {
      throw InputError(sentence(error) + " See " + chosen_name() + " --help.");
    }
    return commands_.run_chosen();
  }

 private:
  /// CLI11 takes the arguments last first, without the program's name.
  std::vector<std::string> reversed_arguments() const {
    return {arguments_.rbegin(), arguments_.rend() - (arguments_.empty() ? 0 : 1)};
  }

  void refuse_unknown_command() {
    if (arguments_.size() < 2 || arguments_[1].starts_with("-")) return;
    find_command(commands_.app(), arguments_[1]);
  }

  const CLI::App& chosen() {
    const CLI::App* command = commands_.chosen();
    return command == nullptr ? commands_.app() : *command;
  }

  std::string chosen_name() {
    const CLI::App* command = commands_.chosen();
    return command == nullptr ? "varprop" : "varprop " + command->get_name();
  }

  std::string sentence(const CLI::ParseError& error) {
    if (commands_.chosen() == nullptr && arguments_.size() < 2)
      return "a command is needed: " + join(commands_.names()) + ".";
    std::vector<std::string> options;
    for (const CLI::Option* option : chosen().get_options()) {
      if (!option->get_positional()) options.push_back("--" + option->get_lnames().front());
    }
    const auto extras = commands_.app().remaining(true);
    if (extras.empty()) return std::string(error.what()) + ".";
    const bool is_option = extras.front().starts_with("-");
    return fmt::format("unknown {} \"{}\".{}", is_option ? "option" : "argument", extras.front(),
                       is_option ? suggestion(extras.front(), options) : "");
  }

  std::vector<std::string> arguments_;
  AllCommands commands_;
};

}  // namespace

ExitCode run_command_line(int argc, const char* const* argv) {
  return guarded([&] { return CommandLine(argc, argv).run(); });
}

}  // namespace varprop
