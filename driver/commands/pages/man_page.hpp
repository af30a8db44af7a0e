// Manual pages in man(7).
#pragma once

#include <string>

#include "driver/commands/command.hpp"

namespace varprop {

/// The name of a command's page: "varprop-sweep"; "varprop" for the program.
std::string page_name(const Program& program, const Command& command);

/// The page of a command, or of the program, in section 1.
std::string man_page(const Program& program, const Command& command);

}  // namespace varprop
