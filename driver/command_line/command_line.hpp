// varprop's command line: which command, with which options, what it says, how it ends. The only place that
// knows CLI11.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/errors.hpp"
#include "core/text/terminal_text.hpp"
#include "driver/command_line/command.hpp"

namespace varprop::driver {

/// Whether this process is the one of its launcher's ranks that speaks: for commands that one process does.
bool speaks();

/// Prints the text and a line end. Throws SystemError where the standard output takes it not: a program that
/// reads it must hear of a full disk. A reader that has left, such as `head`, has all that it wants.
void print_out(const std::string& text, Colours colours = Colours::written_out);

/// Writes "varprop: sentence" to stderr, on the first rank only.
void print_error(const std::string& sentence);

/// Declares a program, given the command line as it was typed, for the provenance of what is written.
using DeclareProgram = std::function<std::unique_ptr<const Program>(const std::string& command_line)>;

/// Parses and runs a command. Sentences about what went wrong stand on stderr, once, from the first rank.
ExitCode run_command_line(int argc, const char* const* argv, const DeclareProgram& declare);

/// Runs a command; an exception that ends it becomes its exit code (core/errors.hpp) and a sentence on
/// stderr. Every rank sees the same bad input, so the first alone speaks of it; of anything else the rank it
/// happened to.
ExitCode guarded(const std::function<ExitCode()>& command);

/// The page of a command, or of the program itself for "", without the line ends after its last line. Throws
/// InputError where there is no such command.
std::string help_text(const Program& program, const std::string& command);

}  // namespace varprop::driver
