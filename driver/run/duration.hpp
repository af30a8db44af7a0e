// Seconds as people say them.
#pragma once

#include <string>

namespace varprop {

/// "42s", "3m20s", "5h07m".
std::string duration_text(double seconds);

/// The same, but "17 ms" and "35 us" where seconds are too coarse.
std::string fine_duration_text(double seconds);

}  // namespace varprop
