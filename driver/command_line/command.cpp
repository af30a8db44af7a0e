#include "driver/command_line/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream stream(text);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

void take_nothing(const std::string&) {}

}  // namespace

Argument& Argument::required() {
  is_required = true;
  return *this;
}

Argument& Argument::repeatable() {
  is_repeatable = true;
  return *this;
}

Argument& Argument::hidden() {
  is_hidden = true;
  return *this;
}

Argument& Argument::offer(std::vector<std::string> offered) {
  VARPROP_EXPECT(std::none_of(offered.begin(), offered.end(),
                              [](const std::string& word) { return word.find(' ') != word.npos; }));
  words = std::move(offered);
  return *this;
}

Argument& Argument::checked(std::function<std::string(const std::string&)> complaint) {
  check = std::move(complaint);
  return *this;
}

ValueKind Argument::kind() const {
  if (!words.empty()) return ValueKind::words;
  if (value == "DIR") return ValueKind::directory;
  return extension().empty() ? ValueKind::text : ValueKind::file;
}

std::string Argument::extension() const {
  const auto dot = value.find('.');
  if (dot == std::string::npos || dot == 0) return "";
  const std::string extension = value.substr(dot + 1);
  const bool plain = std::all_of(extension.begin(), extension.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return plain ? extension : "";
}

Command::Command(std::string command_name, std::string command_summary, std::string command_usage)
    : name(std::move(command_name)), summary(std::move(command_summary)), usage(std::move(command_usage)) {
  options.push_back({{"-h", "--help"}, "", "print this page", take_nothing});
}

Argument& Command::option(const std::string& text_names, const std::string& value,
                          const std::string& description, std::function<void(const std::string&)> take) {
  options.push_back({split_names(text_names), value, description, nullptr});
  options.back().take = [name = options.back().names.back(), take](const std::string& text) {
    try {
      take(text);
    } catch (const InputError& error) {
      throw InputError(name + " " + text + ": " + error.what());
    }
  };
  return options.back();
}

Argument& Command::flag(const std::string& text_names, const std::string& description, bool& target) {
  options.push_back(
      {split_names(text_names), "", description, [&target](const std::string&) { target = true; }});
  return options.back();
}

Argument& Command::positional(const std::string& value, const std::string& description,
                              std::function<void(const std::string&)> take) {
  positionals.push_back({{}, value, description, std::move(take)});
  return positionals.back();
}

void Command::exclude(const std::string& one, const std::string& other) {
  for (Argument& argument : options) {
    if (argument.names.back() == one) argument.excluded.push_back(other);
    if (argument.names.back() == other) argument.excluded.push_back(one);
  }
}

const Command& Program::find(const std::string& name) const {
  return name.empty() ? self : find_command(name);
}

const Command& Program::find_command(const std::string& name) const {
  const auto found = std::find_if(commands.begin(), commands.end(), [&](auto& c) { return c.name == name; });
  if (found != commands.end()) return *found;
  throw InputError(fmt::format("unknown command \"{}\".{} Commands: {}. See varprop --help.", name,
                               suggestion(name, names()), join(names())));
}

std::vector<std::string> Program::names() const {
  std::vector<std::string> all;
  for (const Command& command : commands) all.push_back(command.name);
  return all;
}

std::function<void(const std::string&)> into(std::string& target) {
  return [&target](const std::string& text) { target = text; };
}
std::function<void(const std::string&)> into(std::filesystem::path& target) {
  return [&target](const std::string& text) { target = text; };
}
std::function<void(const std::string&)> into(std::vector<std::string>& target) {
  return [&target](const std::string& text) { target.push_back(text); };
}
std::function<void(const std::string&)> into(std::vector<std::filesystem::path>& target) {
  return [&target](const std::string& text) { target.emplace_back(text); };
}

Argument& add_number_option(Command& command, const std::string& names, int& target, int low, int high,
                            const std::string& description) {
  return command
      .option(names, "N", description,
              [&target](const std::string& text) { target = static_cast<int>(*parse_number(text)); })
      .checked([low, high](const std::string& text) {
        const auto x = parse_number(text);
        const bool allowed = x && *x >= low && *x <= high && *x == static_cast<int>(*x);
        return allowed ? "" : fmt::format("Value {} not in range {} to {}", text, low, high);
      });
}

Program without_hidden(Program program) {
  for (Command& command : program.commands) {
    std::erase_if(command.options, [](const Argument& option) { return option.is_hidden; });
  }
  return program;
}

}  // namespace varprop::driver
