// Seconds as people say them.
#pragma once

#include <string>

namespace varprop {

/// "42s", "3m20s", "5h07m".
std::string duration_text(double seconds);

}  // namespace varprop
