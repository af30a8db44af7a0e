// What happened to a sweep, one JSON line per event, in RESULTS.h5.log.jsonl: jobs, stops, failures; written
// and read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/storage/file_descriptor.hpp"

namespace varprop {

/// Appends events. Every line is {"time": ISO 8601 in UTC, "event": name, fields…} and goes out in one write,
/// so that lines never mix. No result depends on the log: where it cannot be written, record() says so and
/// the sweep goes on.
class EventLog {
 public:
  using Value = std::variant<std::string, std::int64_t, double>;
  using Fields = std::vector<std::pair<std::string, Value>>;

  /// Opens, or creates, the log beside `results`; never waits for it. Throws SystemError where it is no
  /// regular file or may not be written: open it before anything is done that it could not tell of.
  explicit EventLog(const std::filesystem::path& results);
  /// A log that was created and told of nothing is removed.
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Appends one event. False where the system refused (then failure() says why); never throws for that.
  bool record(std::string_view event, const Fields& fields = {});

  /// Appends the events of the log beside other results, each with these fields at its end; what is no event
  /// is left out. Nothing where that log is missing. Line by line, however long it is, `before_line` called
  /// before each; what that throws passes through. False as in record(), and where that log cannot be read.
  bool append(const std::filesystem::path& other_results, const Fields& fields,
              const std::function<void()>& before_line = {});

  const std::string& failure() const { return failure_; }

 private:
  bool write(const std::string& line);

  std::filesystem::path path_;
  bool unused_;  ///< created by this object, and nothing written yet
  FileDescriptor file_;
  bool in_a_line_;  ///< the file ends within a line: that of a killed process, or of a full disk
  std::string failure_;
};

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
