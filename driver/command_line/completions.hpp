// Completions for bash and zsh, from the commands' declarations.
#pragma once

#include <string>

#include "driver/command_line/command.hpp"

namespace varprop::driver {

/// A script to be sourced (bash-completion loads it from share/bash-completion/completions/varprop). It needs
/// bash 4.4 and nothing else.
std::string bash_completion(const Program& program);

/// An autoloaded function `_varprop`, for a folder on zsh's fpath.
std::string zsh_completion(const Program& program);

}  // namespace varprop::driver
