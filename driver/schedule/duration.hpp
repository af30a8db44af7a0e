// Seconds as people say them.
#pragma once

#include <string>

namespace varprop::driver {

/// "42s", "3m20s", "5h07m"; "over 30000 years" from there on.
std::string duration_text(double seconds);

/// The same, but "17 ms" and "35 us" where seconds are too coarse.
std::string fine_duration_text(double seconds);

/// Seconds of "90", "90s", "1h30m", "2d": numbers with a unit (s, m, h, d) each, or seconds alone; above 0,
/// at most a year. Throws InputError.
double parse_duration(const std::string& text);

}  // namespace varprop::driver
