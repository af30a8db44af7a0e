// Completion for bash.
#pragma once

#include <string>

#include "driver/commands/command.hpp"

namespace varprop {

/// A script to be sourced (bash-completion loads it from share/bash-completion/completions/varprop). It needs
/// bash 4.4 and nothing else.
std::string bash_completion(const Program& program);

}  // namespace varprop
