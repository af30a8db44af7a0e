#include "core/storage/event_log_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

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

}  // namespace varprop
