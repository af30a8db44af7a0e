#include "core/text/terminal_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace varprop {

namespace {

constexpr std::size_t longest_line = 6000;  ///< bytes of a sentence; a path may take 4096

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// Bytes of the UTF-8 character at the start of `text`; 0 where there is none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length > text.size()) return 0;
  const std::string_view rest = text.substr(1, length > 0 ? length - 1 : 0);
  return std::all_of(rest.begin(), rest.end(), continues) ? length : 0;
}

/// The control character that `text` begins with, in a character of `length` bytes; −1 where it is none.
int control_character(std::string_view text, std::size_t length) {
  const auto first = static_cast<unsigned char>(text.front());
  if (length == 1) return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f ? first : -1;
  if (length == 2) return first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0 ? text[1] & 0xff : -1;
  return length == 0 && first >= 0x80 && first < 0xa0 ? first : -1;
}

constexpr std::string_view end_of_colour = "\x1b[0m";

/// Bytes of a sequence of in_colour() at the start of the text; 0 where there is none.
std::size_t colour_length(std::string_view text) {
  if (text.starts_with(end_of_colour)) return end_of_colour.size();
  const bool begins = text.starts_with("\x1b[3") && text.size() >= 5 && text[3] >= '1' && text[3] <= '5';
  return begins && text[4] == 'm' ? 5 : 0;
}

}  // namespace

std::string in_colour(std::string_view text, TerminalColour colour) {
  if (colour == TerminalColour::plain) return std::string(text);
  return fmt::format("\x1b[{}m{}{}", static_cast<int>(colour), text, end_of_colour);
}

bool shows_colours(std::FILE* stream) {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string_view(value ? value : "");
  };
  if (!variable("NO_COLOR").empty() || variable("TERM").empty() || variable("TERM") == "dumb") return false;
  return ::isatty(::fileno(stream)) == 1;
}

std::string for_terminal(std::string_view text, Colours colours) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    if (const std::size_t colour = colours == Colours::kept ? colour_length(text) : 0; colour > 0) {
      shown += text.substr(0, colour);
      text.remove_prefix(colour);
      continue;
    }
    const std::size_t length = character_length(text);
    const int control = control_character(text, length);
    const std::size_t taken = std::max<std::size_t>(length, 1);
    shown += control < 0 ? std::string(text.substr(0, taken)) : fmt::format("\\u{:04x}", control);
    text.remove_prefix(taken);
  }
  return shown;
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : for_terminal(text)) line += c == '\n' ? std::string("\\n") : std::string(1, c);
  return line;
}

std::string without_middle(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t head = most * 3 / 4, tail = text.size() - most / 4;
  while (head > 0 && continues(text[head])) --head;
  while (tail < text.size() && continues(text[tail])) ++tail;
  return fmt::format("{} [... {} bytes left out ...] {}", text.substr(0, head), tail - head,
                     text.substr(tail));
}

void print_error_line(std::string_view sentence) {
  const std::string line = "varprop: " + on_one_line(without_middle(sentence, longest_line)) + "\n";
  std::fputs(line.c_str(), stderr);
}

std::size_t character_count(const std::string& text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
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
