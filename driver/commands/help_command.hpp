// `varprop help`.
#pragma once

#include <string>

#include "driver/commands/command.hpp"

namespace varprop {

struct HelpOptions {
  std::string command;  ///< whose page; empty: the program's
};

/// The command, which prints the page that --help prints; parsing it fills `options`. It explains the
/// commands that `program` has by now. Both must outlive it.
Command help_command(HelpOptions& options, const Program& program);

}  // namespace varprop
