#include "core/storage/event_log.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"

namespace varprop {

namespace {

/// "2024-05-01T12:00:00.123Z"
std::string now() {
  const auto time = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = time.time_since_epoch().count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds);
}

using Json = nlohmann::ordered_json;

std::string line(Json json, const EventLog::Fields& fields) {
  for (const auto& [name, value] : fields) {
    std::visit([&, &key = name](const auto& x) { json[key] = x; }, value);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool ends_within_a_line(const FileDescriptor& file) {
  struct stat status {};
  char last = '\n';
  if (::fstat(file.get(), &status) != 0 || status.st_size == 0) return false;
  return ::pread(file.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& results)
    : file_(::open(log_path(results).c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666)),
      in_a_line_(file_ && ends_within_a_line(file_)) {
  if (!file_)
    throw SystemError(fmt::format("cannot open {}: {}.", log_path(results).string(), system_reason()));
}

bool EventLog::record(std::string_view event, const Fields& fields) {
  return write(line(Json{{"time", now()}, {"event", event}}, fields));
}

bool EventLog::append(const std::filesystem::path& other_results, const Fields& fields) {
  std::ifstream other(log_path(other_results));
  bool all = true;
  for (std::string text; std::getline(other, text);) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_object()) all = write(line(json, fields)) && all;
  }
  return all;
}

bool EventLog::write(const std::string& line) {
  const std::string text = (in_a_line_ ? "\n" : "") + line;
  const ssize_t written = ::write(file_.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) {
    in_a_line_ = false;
    return true;
  }
  failure_ = written < 0 ? system_reason() : "the disk took only a part of the line";
  in_a_line_ = in_a_line_ || written > 0;
  return false;
}

}  // namespace varprop
