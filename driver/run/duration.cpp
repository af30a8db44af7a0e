#include "driver/run/duration.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace varprop {

std::string duration_text(double seconds) {
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
}

std::string fine_duration_text(double seconds) {
  if (seconds >= 10) return duration_text(seconds);
  if (seconds >= 1) return fmt::format("{:.1f}s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.3g} ms", 1e3 * seconds);
  return fmt::format("{:.3g} us", 1e6 * seconds);
}

}  // namespace varprop
