// A command-line option whose text one of our own functions understands.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "core/errors.hpp"

namespace varprop {

/// Adds an option "--name TEXT" that sets `target` to parse(text). What parse throws (InputError) gets the
/// option's name in front.
template <class T, class Parse>
CLI::Option* add_parsed_option(CLI::App& command, const std::string& name, T& target, Parse parse,
                               const std::string& description) {
  const auto set = [name, &target, parse](const std::string& text) {
    try {
      target = parse(text);
    } catch (const InputError& error) {
      throw InputError(name + " " + text + ": " + error.what());
    }
  };
  return command.add_option_function<std::string>(name, set, description);
}

}  // namespace varprop
