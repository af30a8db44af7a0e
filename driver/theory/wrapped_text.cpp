#include "driver/theory/wrapped_text.hpp"

#include <algorithm>
#include <sstream>

namespace varprop {

std::size_t character_count(const std::string& text) {
  constexpr unsigned char continuation = 0x80, mask = 0xC0;
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & mask) != continuation;
  }));
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::istringstream words(text);
  std::string result, line, word;
  while (words >> word) {
    if (!line.empty() && character_count(line) + 1 + character_count(word) > width) {
      result += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return result + line;
}

}  // namespace varprop
