#include "analysis/report/figure_folder.hpp"

#include <algorithm>
#include <fstream>

#include "analysis/report/whole_file.hpp"
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

void FigureFolder::list(const std::vector<std::string>& names) const {
  write_whole(path_ / list_name, {join(names, "\n"), "\n"});
}

/// Killed at any moment it leaves no file of its own that its list does not name.
void FigureFolder::replace(const fs::path& drawn, const std::vector<std::string>& names) const {
  make_directory(path_);
  const std::vector<std::string> before = listed();
  std::vector<std::string> both = before;
  both.insert(both.end(), names.begin(), names.end());
  list(both);
  for (const std::string& name : names) fs::rename(drawn / name, path_ / name);
  std::error_code ignored;
  for (const std::string& name : before) {
    if (!contains(names, name)) fs::remove(path_ / name, ignored);
  }
  list(names);
}

}  // namespace varprop
