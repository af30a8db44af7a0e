#include "driver/sweep_file/setting.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <sstream>

#include "core/errors.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

constexpr std::size_t longest_shown = 500;  ///< bytes

/// A list or a table as toml++ prints it, without its line ends and what the next line begins with.
std::string unwrapped(const std::string& text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') {
      line += text[i];
      continue;
    }
    line += ' ';
    while (i + 1 < text.size() && text[i + 1] == ' ') ++i;
  }
  return line;
}

}  // namespace

std::string typed_number(double x) {
  constexpr double beyond_counting = 0x1p53;
  const bool whole = std::abs(x) < beyond_counting && x == std::floor(x);
  return whole ? std::to_string(static_cast<std::int64_t>(x)) : shortest(x);
}

std::string place_of(const Source& source, const toml::source_position& position) {
  if (!source.is_file) return source.name;
  return fmt::format("{}:{}:{}", source.name, position.line, position.column);
}

void Setting::refuse(const std::string& problem) const {
  const std::string place = place_of(*source_, node_->source().begin);
  const std::string line = on_one_line(problem);  // a zero would end it
  throw InputError(source_->is_file ? fmt::format("{}: {}: {}", place, key_, line)
                                    : fmt::format("{}: {}", place, line));
}

std::string Setting::shown() const {
  if (const auto number = node_->as_floating_point()) return typed_number(number->get());
  std::ostringstream text;
  node_->visit([&text](const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (toml::is_table<Value>)
      text << toml::toml_formatter(value);
    else if constexpr (toml::is_string<Value>)
      text << '"' << value.get() << '"';
    else
      text << value;
  });
  return without_middle(node_->is_string() ? text.str() : unwrapped(text.str()), longest_shown);
}

std::string Setting::text(const std::string& allowed) const {
  const auto text = node_->as_string();
  if (!text) refuse(fmt::format("{} is not text; allowed: {}.", shown(), allowed));
  if (text->get().find('\0') != std::string::npos)  // it would end every sentence and every title
    refuse(fmt::format("{} holds the character \\u0000; allowed: {}.", shown(), allowed));
  return text->get();
}

}  // namespace varprop::driver
