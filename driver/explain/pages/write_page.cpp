#include "driver/explain/pages/write_page.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "core/contracts.hpp"
#include "core/storage/durable_rename.hpp"

namespace varprop {

namespace fs = std::filesystem;

void validate_page_place(const fs::path& directory, const std::string& name) {
  std::error_code unknown;
  validate(!fs::exists(directory, unknown) || fs::is_directory(directory, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.", directory.string()));
  const fs::path page = directory / name;
  validate(!fs::is_directory(page, unknown),
           fmt::format("cannot write {}: it is a directory.", page.string()));
}

void write_page(const fs::path& directory, const std::string& name, const std::string& page) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    throw SystemError(
        fmt::format("cannot create the directory {}: {}.", directory.string(), error.message()));
  }
  const fs::path final_path = directory / name;
  const fs::path temporary = final_path.string() + fmt::format(".{}.part", ::getpid());
  std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
  stream << page;
  stream.close();
  if (!stream) {
    fs::remove(temporary, error);
    throw SystemError(fmt::format("cannot write {}: the disk refuses.", final_path.string()));
  }
  durable_rename(temporary, final_path);
}

}  // namespace varprop
