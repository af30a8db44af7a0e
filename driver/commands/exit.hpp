// How a command ends: its exit code, and the sentence that explains it.
#pragma once

#include <functional>
#include <string>

#include "core/errors.hpp"

namespace varprop {

/// Writes "varprop: sentence" to stderr, on the first rank only.
void complain(const std::string& sentence);

/// Runs a command; an exception that ends it becomes its exit code (core/errors.hpp) and a sentence on
/// stderr. Every rank sees the same bad input, so the first alone speaks of it; of anything else the rank it
/// happened to.
ExitCode guarded(const std::function<ExitCode()>& command);

}  // namespace varprop
