// Reading a sweep file, and the files of points that it names.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"
#include "driver/sweep_file/document.hpp"
#include "driver/sweep_file/keys.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {

namespace {

constexpr int longest_silence = 10;  ///< seconds

/// A kind of file that is read whole.
struct Kind {
  const char* noun;
  std::size_t largest;  ///< MiB
};
constexpr Kind sweep_file{"sweep file", 16}, file_of_points{"file of points", 512};

FileDescriptor open_file(const std::string& name, const Kind& kind) {
  std::error_code ignored;
  validate(!std::filesystem::is_directory(name, ignored),
           fmt::format("{}: this is a directory; a {} is needed.", name, kind.noun));
  FileDescriptor file(
      ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe may have no writer yet
  validate(static_cast<bool>(file),
           fmt::format("{}: the {} cannot be opened: {}.", name, kind.noun, system_reason()));
  return file;
}

/// The next bytes, 0 at the end. A file is there at once; a pipe, such as <(…) of a shell, may take its time,
/// but not for ever.
std::size_t read_some(const FileDescriptor& file, std::array<char, 65536>& buffer, const std::string& name,
                      const Kind& kind) {
  ssize_t count = -1;
  do {
    pollfd waiting{file.get(), POLLIN, 0};
    validate(::poll(&waiting, 1, 1000 * longest_silence) != 0,
             fmt::format("{}: nothing came out of it for {} s, and it is no file; a {} is needed.", name,
                         longest_silence, kind.noun));
    count = ::read(file.get(), buffer.data(), buffer.size());
  } while (count < 0 && (errno == EINTR || errno == EAGAIN));
  if (count < 0)
    throw SystemError(fmt::format("{}: reading the {} failed: {}.", name, kind.noun, system_reason()));
  return static_cast<std::size_t>(count);
}

std::string read_whole(const std::string& name, const Kind& kind) {
  const FileDescriptor file = open_file(name, kind);
  std::string text;
  std::array<char, 65536> buffer;
  while (const std::size_t count = read_some(file, buffer, name, kind)) {
    text.append(buffer.data(), count);
    validate(text.size() <= kind.largest << 20,
             fmt::format("{}: this is no {}: it is larger than {} MiB.", name, kind.noun, kind.largest));
  }
  return text;
}

bool may_name_points(const SweepText& text) {
  const auto names_points = [](const std::string& some) { return some.find("points") != std::string::npos; };
  return names_points(text.file_text) ||
         std::any_of(text.overrides.begin(), text.overrides.end(), names_points);
}

/// What is no sweep file names none: resolve_sweep() says what is wrong with it.
void read_point_files(SweepText& text) {
  std::optional<Document> document;
  try {
    document.emplace(text, names_of_keys());
  } catch (const InputError&) {
    return;
  }
  for (const GridTable& table : document->grid_tables()) {
    const auto setting = table.find("points");
    if (!setting) continue;
    const std::string name = setting->text("the name of a CSV file");
    const auto path = std::filesystem::path(text.file_name).parent_path() / name;
    try {
      text.point_files[name] = read_whole(path.string(), file_of_points);
    } catch (const InputError& error) {
      setting->refuse(error.what());
    }
  }
}

}  // namespace

SweepText read_sweep_text(const std::filesystem::path& path, std::vector<std::string> overrides,
                          std::string engine) {
  SweepText text{path.string(), {}, std::move(overrides), std::move(engine)};
  text.file_text = read_whole(text.file_name, sweep_file);
  if (may_name_points(text)) read_point_files(text);
  return text;
}

}  // namespace varprop::driver
