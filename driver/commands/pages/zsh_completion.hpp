// Completion for zsh.
#pragma once

#include <string>

#include "driver/commands/pages/command_reference.hpp"

namespace varprop {

/// An autoloaded function `_varprop`, for a folder on zsh's fpath.
std::string zsh_completion(const ProgramReference& reference);

}  // namespace varprop
