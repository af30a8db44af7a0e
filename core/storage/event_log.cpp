#include "core/storage/event_log.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/event_log_reader.hpp"

namespace varprop {

namespace {

/// "2024-05-01T12:00:00.123Z"
std::string now() {
  const auto time = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = time.time_since_epoch().count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds);
}

std::string line(Json json, const EventLog::Fields& fields) {
  for (const auto& [name, value] : fields) {
    std::visit([&, &key = name](const auto& x) { json[key] = x; }, value);
  }
  return json.dump() + "\n";
}

/// A pipe must not hold us up. O_CREAT stays away from a file that exists: in a folder that everybody may
/// write to, the system refuses it for the files of others.
FileDescriptor open_log(const std::filesystem::path& path, bool create) {
  const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | (create ? O_CREAT : 0);
  FileDescriptor file(::open(path.c_str(), flags, 0666));
  const std::string why = file ? "" : system_reason();
  constexpr const char* cure =
      "Move it away, or make it a file that you may write to, and run again: no result depends on it, and "
      "the "
      "results are as they were.";
  if (const std::string kind = kind_of_no_file(path); !kind.empty()) {
    throw SystemError(fmt::format("the event log {} is {}, not a file. {}", path.string(), kind, cure));
  }
  if (file) return file;
  std::error_code error;
  if (create && std::filesystem::is_symlink(path, error)) {
    throw SystemError(
        fmt::format("the event log {} is a link that leads nowhere ({}). {}", path.string(), why, cure));
  }
  if (create) throw SystemError(fmt::format("cannot open {}: {}.", path.string(), why));
  throw SystemError(fmt::format("cannot open the event log {}, which belongs to {}: {}. {}", path.string(),
                                owner_of(path), why, cure));
}

bool ends_within_a_line(const FileDescriptor& file) {
  struct stat status {};
  char last = '\n';
  if (::fstat(file.get(), &status) != 0 || status.st_size == 0) return false;
  return ::pread(file.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& results)
    : path_(log_path(results)),
      unused_(::access(path_.c_str(), F_OK) != 0),
      file_(open_log(path_, unused_)),
      in_a_line_(ends_within_a_line(file_)) {}

EventLog::~EventLog() {
  if (unused_) ::unlink(path_.c_str());
}

bool EventLog::record(std::string_view event, const Fields& fields) {
  return write(line(Json{{"time", now()}, {"event", event}}, fields));
}

bool EventLog::append(const std::filesystem::path& other_results, const Fields& fields,
                      const std::function<void()>& before_line) {
  bool all = true;
  const std::string obstacle = for_each_log_line(other_results, [&](const std::string& text) {
    if (before_line) before_line();
    const auto json = Json::try_parse(text);
    if (json && json->is_object()) all = write(line(*json, fields)) && all;
  });
  if (!obstacle.empty()) failure_ = obstacle;
  return all && obstacle.empty();
}

bool EventLog::write(const std::string& line) {
  const std::string text = (in_a_line_ ? "\n" : "") + line;
  const ssize_t written = ::write(file_.get(), text.data(), text.size());
  unused_ = unused_ && written <= 0;
  if (written == static_cast<ssize_t>(text.size())) {
    in_a_line_ = false;
    return true;
  }
  failure_ = written < 0 ? system_reason() : "the disk took only a part of the line";
  in_a_line_ = in_a_line_ || written > 0;
  return false;
}

}  // namespace varprop
