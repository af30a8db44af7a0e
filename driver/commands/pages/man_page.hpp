// Manual pages in man(7).
#pragma once

#include <string>

#include "driver/commands/pages/command_reference.hpp"

namespace varprop {

/// The name of a command's page: "varprop-sweep"; "varprop" for the program.
std::string page_name(const ProgramReference& reference, const CommandReference& command);

/// The page of a command, or of the program, in section 1.
std::string man_page(const ProgramReference& reference, const CommandReference& command);

}  // namespace varprop
