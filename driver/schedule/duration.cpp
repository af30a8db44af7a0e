#include "driver/schedule/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

constexpr std::array units{std::pair{'s', 1.0}, std::pair{'m', 60.0}, std::pair{'h', 3600.0},
                           std::pair{'d', 86400.0}};
constexpr double longest_duration = 366 * 86400.0;
constexpr double longest_told = 30000 * 365.25 * 86400.0;

std::optional<double> seconds_of_unit(char unit) {
  const auto* const found =
      std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
  return found == units.end() ? std::nullopt : std::optional(found->second);
}

/// Takes "1h" from the front of "1h30m": its seconds, or nothing. Only a number alone needs no unit.
std::optional<double> take_part(std::string_view& text, bool first) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  const auto number = parse_number(text.substr(0, end));
  const auto unit = end == std::string_view::npos ? std::optional(1.0) : seconds_of_unit(text[end]);
  if (end == std::string_view::npos && !first) return std::nullopt;  // "1h30": minutes or seconds?
  if (!number || !unit) return std::nullopt;
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return *number * *unit;
}

}  // namespace

std::string duration_text(double seconds) {
  if (!(seconds < longest_told)) return "over 30000 years";
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
}

double parse_duration(const std::string& text) {
  double seconds = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto part = take_part(rest, rest.size() == text.size());
    if (!part) {
      seconds = 0;
      break;
    }
    seconds += *part;
  }
  validate(
      seconds > 0 && seconds <= longest_duration,
      fmt::format("\"{}\" is no duration; allowed are such as 90s, 45m, 1h30m or 2d, up to a year.", text));
  return seconds;
}

std::string fine_duration_text(double seconds) {
  if (seconds >= 10) return duration_text(seconds);
  if (seconds >= 0.9995) return fmt::format("{:.1f}s", seconds);
  if (seconds >= 0.9995e-3) return fmt::format("{:.3g} ms", 1e3 * seconds);
  return fmt::format("{:.3g} us", 1e6 * seconds);
}

}  // namespace varprop::driver
