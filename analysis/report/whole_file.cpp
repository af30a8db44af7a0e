#include "analysis/report/whole_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/errors.hpp"

namespace varprop {

namespace fs = std::filesystem;

void write_whole(const fs::path& path, std::initializer_list<std::string_view> parts) {
  const fs::path temporary = path.string() + fmt::format(".{}.part", ::getpid());
  std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
  for (const std::string_view part : parts)
    stream.write(part.data(), static_cast<std::streamsize>(part.size()));
  stream.close();
  std::error_code error;
  if (!stream) {
    const std::string reason = std::strerror(errno);
    fs::remove(temporary, error);
    throw SystemError(fmt::format("cannot write {}: {}.", path.string(), reason));
  }
  fs::rename(temporary, path, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  throw SystemError(fmt::format("cannot write {}: {}.", path.string(), error.message()));
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw SystemError(
        fmt::format("cannot create the directory {}: {}.", directory.string(), error.message()));
}

}  // namespace varprop
