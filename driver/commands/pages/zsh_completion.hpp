// Completion for zsh.
#pragma once

#include <string>

#include "driver/commands/command.hpp"

namespace varprop {

/// An autoloaded function `_varprop`, for a folder on zsh's fpath.
std::string zsh_completion(const Program& program);

}  // namespace varprop
