// What `varprop --version` says.
#pragma once

#include <string>

namespace varprop {

/// "varprop 0.2.0 (commit 5d2fa28c0ffe)", and a line for each fact of the build. Works where the engines do
/// not, and initialises nothing.
std::string version_text();

}  // namespace varprop
