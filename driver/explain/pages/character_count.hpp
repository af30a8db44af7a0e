// How wide a UTF-8 text of single-width characters is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace varprop {

/// Characters, not bytes.
inline std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Filled with spaces to `width` characters, on the right or on the left.
inline std::string padded_right(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, character_count(text)), ' ');
}
inline std::string padded_left(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, character_count(text)), ' ') + std::string(text);
}

}  // namespace varprop
