#include "driver/sweep_file/sweep_text.hpp"

#include <fcntl.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <string>

#include "core/contracts.hpp"
#include "core/storage/file_descriptor.hpp"

namespace varprop {

namespace {

constexpr std::size_t largest_sweep_file = std::size_t{16} << 20;

constexpr int longest_silence = 10;  ///< seconds

FileDescriptor open_file(const std::string& name) {
  std::error_code ignored;
  validate(!std::filesystem::is_directory(name, ignored),
           name + ": this is a directory; a sweep file is needed.");
  FileDescriptor file(
      ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe may have no writer yet
  validate(static_cast<bool>(file), name + ": the sweep file cannot be opened: " + system_reason() + ".");
  return file;
}

/// The next bytes, 0 at the end. A file is there at once; a pipe, such as <(…) of a shell, may take its time,
/// but not for ever.
std::size_t read_some(const FileDescriptor& file, std::array<char, 65536>& buffer, const std::string& name) {
  ssize_t count = -1;
  do {
    pollfd waiting{file.get(), POLLIN, 0};
    validate(::poll(&waiting, 1, 1000 * longest_silence) != 0,
             name + ": nothing came out of it for " + std::to_string(longest_silence) +
                 " s, and it is no file; a sweep file is needed.");
    count = ::read(file.get(), buffer.data(), buffer.size());
  } while (count < 0 && (errno == EINTR || errno == EAGAIN));
  if (count < 0) throw SystemError(name + ": reading the sweep file failed: " + system_reason() + ".");
  return static_cast<std::size_t>(count);
}

}  // namespace

SweepText read_sweep_text(const std::filesystem::path& path, std::vector<std::string> overrides,
                          std::string engine) {
  SweepText text{path.string(), {}, std::move(overrides), std::move(engine)};
  const FileDescriptor file = open_file(text.file_name);
  std::array<char, 65536> buffer;
  while (const std::size_t count = read_some(file, buffer, text.file_name)) {
    text.file_text.append(buffer.data(), count);
    validate(text.file_text.size() <= largest_sweep_file,
             text.file_name + ": this is no sweep file: it is larger than 16 MiB.");
  }
  return text;
}

}  // namespace varprop
