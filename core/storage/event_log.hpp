// What happened to a sweep, one JSON line per event, in RESULTS.h5.log.jsonl: jobs, stops, failures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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

}  // namespace varprop
