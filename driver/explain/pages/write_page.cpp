#include "driver/explain/pages/write_page.hpp"

#include <fmt/format.h>

#include "core/contracts.hpp"
#include "core/storage/replacement.hpp"

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
  Replacement files(directory, fs::path(name).stem());
  write_text(files.file(name), {page});
  files.commit();
}

}  // namespace varprop
