#include "driver/commands/byte_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/contracts.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::array units{
    std::pair{std::string_view(""), 1.0},       std::pair{std::string_view("B"), 1.0},
    std::pair{std::string_view("kB"), 1e3},     std::pair{std::string_view("KB"), 1e3},
    std::pair{std::string_view("MB"), 1e6},     std::pair{std::string_view("GB"), 1e9},
    std::pair{std::string_view("TB"), 1e12},    std::pair{std::string_view("KiB"), 0x1p10},
    std::pair{std::string_view("MiB"), 0x1p20}, std::pair{std::string_view("GiB"), 0x1p30},
    std::pair{std::string_view("TiB"), 0x1p40}};

/// Bytes of one unit; 0 where there is no such unit.
double unit_bytes(std::string_view unit) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
  return found == units.end() ? 0.0 : found->second;
}

}  // namespace

std::int64_t parse_byte_count(const std::string& text) {
  const auto number_end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto unit_start = std::min(text.find_first_not_of(' ', number_end), text.size());
  const double number = parse_number(text.substr(0, number_end)).value_or(0.0);
  const double bytes = std::floor(number * unit_bytes(text.substr(unit_start)));
  validate(bytes >= 1.0 && bytes < 0x1p62,
           fmt::format("\"{}\" is no size; allowed are sizes such as 500MB, 20GB, 1.5TB or 64GiB.", text));
  return static_cast<std::int64_t>(bytes);
}

}  // namespace varprop
