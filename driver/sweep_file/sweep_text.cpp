#include "driver/sweep_file/sweep_text.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr std::size_t largest_sweep_file = std::size_t{16} << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const std::string& name) {
  std::error_code ignored;
  validate(!std::filesystem::is_directory(name, ignored),
           name + ": this is a directory; a sweep file is needed.");
  errno = 0;
  File file(std::fopen(name.c_str(), "rb"));
  validate(file != nullptr, name + ": the sweep file cannot be opened: " + std::strerror(errno) + ".");
  return file;
}

}  // namespace

SweepText read_sweep_text(const std::filesystem::path& path, std::vector<std::string> overrides,
                          std::string engine) {
  SweepText text{path.string(), {}, std::move(overrides), std::move(engine)};
  const File file = open_file(text.file_name);
  std::array<char, 65536> buffer;
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    text.file_text.append(buffer.data(), count);
    validate(text.file_text.size() <= largest_sweep_file,
             text.file_name + ": this is no sweep file: it is larger than 16 MiB.");
  }
  if (std::ferror(file.get())) {
    throw SystemError(text.file_name + ": reading the sweep file failed: " + std::strerror(errno) + ".");
  }
  return text;
}

}  // namespace varprop
