#include "driver/theory/wrapped_text.hpp"

#include <sstream>

namespace varprop {

std::string wrapped(const std::string& text, std::size_t width) {
  std::istringstream words(text);
  std::string result, line, word;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      result += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return result + line;
}

}  // namespace varprop
