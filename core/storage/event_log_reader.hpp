// The event log read back: what jobs did and why units failed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/storage/event_log.hpp"

namespace varprop {

/// One line of the log.
struct Event {
  std::string time;  ///< ISO 8601, UTC
  std::string name;
  EventLog::Fields fields;

  /// A field that is text, a whole number, or one with a fraction; nothing where the event has none of that
  /// name and kind.
  std::optional<std::string> text(std::string_view field) const;
  std::optional<std::int64_t> number(std::string_view field) const;
  std::optional<double> real(std::string_view field) const;
};

/// Calls f(event) for every line of the log beside `results`, oldest first, one in memory at a time. Lines
/// that are no events (cut off by a kill, or a stranger's) are passed over; a log that is not there or may
/// not be read has none: no result depends on it.
void for_each_event(const std::filesystem::path& results, const std::function<void(const Event&)>& f);

}  // namespace varprop
