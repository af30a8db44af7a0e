// `varprop help`.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "core/errors.hpp"

namespace varprop {

struct HelpOptions {
  std::string command;  ///< whose page; empty: the program's
};

/// Adds the command to `app`; parsing it fills `options`, which must outlive `app`. `commands`: those that
/// have a page.
CLI::App* add_help_command(CLI::App& app, HelpOptions& options, const std::vector<std::string>& commands);

/// Prints the page that --help prints. Throws InputError where there is no such command.
ExitCode run_help(const CLI::App& app, const HelpOptions& options);

/// The page of a program or a command, without the line ends after its last line.
std::string help_text(const CLI::App& app);

/// The command of this name. Throws InputError with the nearest name where there is none.
const CLI::App& find_command(const CLI::App& app, const std::string& name);

}  // namespace varprop
