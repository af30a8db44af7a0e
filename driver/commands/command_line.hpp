// varprop's command line: which command, with which options. The only place that knows CLI11.
#pragma once

#include <string>

#include "core/errors.hpp"
#include "driver/commands/command.hpp"

namespace varprop {

/// Parses and runs a command. Sentences about what went wrong stand on stderr, once, from the first rank.
ExitCode run_command_line(int argc, const char* const* argv);

/// The page of a command, or of the program itself for "", without the line ends after its last line. Throws
/// InputError where there is no such command.
std::string help_text(const Program& program, const std::string& command);

}  // namespace varprop
