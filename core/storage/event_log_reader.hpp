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

/// Calls f(line) for every line of the log beside `results`, oldest first, one in memory at a time; lines
/// above a mebibyte are no events and passed over, and what is added meanwhile is not read. Never waits: a
/// log that is a pipe or a device is not read. Returns why the log could not be read ("a.h5.log.jsonl is a
/// pipe, not a file"); nothing where it was, or where there is none.
std::string for_each_log_line(const std::filesystem::path& results,
                              const std::function<void(const std::string&)>& f);

/// Calls f(event) for every line of the log beside `results` that is an event; others (cut off by a kill, or
/// a stranger's) are passed over. Returns what for_each_log_line() does: no result depends on the log.
std::string for_each_event(const std::filesystem::path& results, const std::function<void(const Event&)>& f);

}  // namespace varprop
