// varprop's command line: which command, with which options.
#pragma once

#include "core/errors.hpp"

namespace varprop {

/// Parses and runs a command. Sentences about what went wrong stand on stderr, once, from the first rank.
ExitCode run_command_line(int argc, const char* const* argv);

}  // namespace varprop
