#include "core/storage/event_log_reader.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/storage/companion_paths.hpp"

namespace varprop {

namespace {

template <class T>
std::optional<T> find(const EventLog::Fields& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  if (found == fields.end() || !std::holds_alternative<T>(found->second)) return std::nullopt;
  return std::get<T>(found->second);
}

/// Values that no event is written with are passed over.
void add_field(const std::string& name, const nlohmann::json& value, EventLog::Fields& fields) {
  if (value.is_string()) fields.emplace_back(name, value.get<std::string>());
  if (value.is_number_integer()) fields.emplace_back(name, value.get<std::int64_t>());
  if (value.is_number_float()) fields.emplace_back(name, value.get<double>());
}

std::optional<Event> event_of(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Event event;
  for (const auto& [name, value] : json.items()) add_field(name, value, event.fields);
  const auto time = event.text("time"), name = event.text("event");
  if (!time || !name) return std::nullopt;
  event.time = *time;
  event.name = *name;
  return event;
}

}  // namespace

std::optional<std::string> Event::text(std::string_view field) const {
  return find<std::string>(fields, field);
}

std::optional<std::int64_t> Event::number(std::string_view field) const {
  return find<std::int64_t>(fields, field);
}

std::optional<double> Event::real(std::string_view field) const {
  return find<double>(fields, field);
}

void for_each_event(const std::filesystem::path& results, const std::function<void(const Event&)>& f) {
  std::ifstream file(log_path(results));
  for (std::string line; std::getline(file, line);) {
    if (const auto event = event_of(line)) f(*event);
  }
}

}  // namespace varprop
