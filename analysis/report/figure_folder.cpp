#include "analysis/report/figure_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr const char* list_name = "drawn.txt";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool FigureFolder::is_drawn() const {
  std::error_code unknown;
  return fs::exists(path_ / list_name, unknown);
}

/// Only names within the folder count, whatever the list says.
std::vector<std::string> FigureFolder::listed() const {
  std::vector<std::string> names;
  std::ifstream list(path_ / list_name);
  for (std::string line; std::getline(list, line);) {
    if (line == fs::path(line).filename() && !line.empty()) names.push_back(line);
  }
  return names;
}

void FigureFolder::replace(Replacement& files, const fs::path& drawn,
                           const std::vector<std::string>& names) const {
  const fs::path folder = path_.filename();
  for (const std::string& name : names) {
    const StagedFile picture = files.file(folder / name);
    std::error_code error;
    fs::rename(drawn / name, picture.path, error);
    if (error)
      throw SystemError(fmt::format("cannot write {}: {}.", picture.final_path.string(), error.message()));
  }
  for (const std::string& name : listed()) {
    if (!contains(names, name)) files.remove(folder / name);
  }
  write_text(files.file(folder / list_name), {join(names, "\n"), "\n"});
}

}  // namespace varprop
