#include "driver/sweep_file/setting.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace varprop {

std::string place_of(const Source& source, const toml::source_position& position) {
  if (!source.is_file) return source.name;
  return fmt::format("{}:{}:{}", source.name, position.line, position.column);
}

void Setting::refuse(const std::string& problem) const {
  const std::string place = place_of(*source_, node_->source().begin);
  throw InputError(source_->is_file ? fmt::format("{}: {}: {}", place, key_, problem)
                                    : fmt::format("{}: {}", place, problem));
}

std::string Setting::shown() const {
  if (const auto number = node_->as_floating_point()) return shortest(number->get());
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
  return text.str();
}

std::string Setting::text(const std::string& allowed) const {
  const auto text = node_->as_string();
  if (!text) refuse(fmt::format("{} is not text; allowed: {}.", shown(), allowed));
  return text->get();
}

}  // namespace varprop
