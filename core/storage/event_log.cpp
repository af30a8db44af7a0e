#include "core/storage/event_log.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_descriptor.hpp"

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
void add_field(const std::string& name, const Json& value, EventLog::Fields& fields) {
  if (value.is_string()) fields.emplace_back(name, value.get<std::string>());
  if (value.is_integer()) fields.emplace_back(name, value.get<std::int64_t>());
  if (value.is_floating()) fields.emplace_back(name, value.get<double>());
}

/// Cuts what is read block by block into lines.
class LineCutter {
 public:
  explicit LineCutter(const std::function<void(const std::string&)>& f) : f_(f) {}

  void add(std::string_view block) {
    for (std::size_t end = 0; (end = block.find('\n')) != std::string_view::npos;) {
      take(block.substr(0, end));
      finish();
      block.remove_prefix(end + 1);
    }
    take(block);
  }

  /// The last line may lack its end.
  void end() {
    if (!line_.empty()) finish();
  }

 private:
  static constexpr std::size_t longest_line = std::size_t{1} << 20;

  void take(std::string_view text) {
    too_long_ = too_long_ || line_.size() + text.size() > longest_line;
    if (!too_long_) line_ += text;
  }

  void finish() {
    if (!too_long_) f_(line_);
    line_.clear();
    too_long_ = false;
  }

  const std::function<void(const std::string&)>& f_;
  std::string line_;
  bool too_long_ = false;
};

std::optional<Event> event_of(const std::string& line) {
  const auto json = Json::try_parse(line);
  if (!json || !json->is_object()) return std::nullopt;
  Event event;
  for (const auto& [name, value] : json->items()) add_field(name, value, event.fields);
  const auto time = event.text("time"), name = event.text("event");
  if (!time || !name) return std::nullopt;
  event.time = *time;
  event.name = *name;
  return event;
}

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

std::optional<std::string> Event::text(std::string_view field) const {
  return find<std::string>(fields, field);
}

std::optional<std::int64_t> Event::number(std::string_view field) const {
  return find<std::int64_t>(fields, field);
}

std::optional<double> Event::real(std::string_view field) const {
  return find<double>(fields, field);
}

std::string for_each_log_line(const std::filesystem::path& results,
                              const std::function<void(const std::string&)>& f) {
  const std::filesystem::path path = log_path(results);
  if (const std::string kind = kind_of_no_file(path); !kind.empty()) {
    return path.string() + " is " + kind + ", not a file";
  }
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return errno == ENOENT ? "" : path.string() + " cannot be opened: " + system_reason();
  LineCutter lines(f);
  std::array<char, 65536> block;
  struct stat status {};
  off_t left =
      ::fstat(file.get(), &status) == 0 ? status.st_size : 0;  // lines that f adds to it are not read
  ssize_t count = 0;
  while (left > 0 && (count = ::read(file.get(), block.data(), block.size())) > 0) {
    lines.add({block.data(), static_cast<std::size_t>(std::min<off_t>(count, left))});
    left -= count;
  }
  if (count < 0) return path.string() + " cannot be read: " + system_reason();
  lines.end();
  return "";
}

std::string for_each_event(const std::filesystem::path& results, const std::function<void(const Event&)>& f) {
  return for_each_log_line(results, [&f](const std::string& line) {
    if (const auto event = event_of(line)) f(*event);
  });
}

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
