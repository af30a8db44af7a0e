#include "report/figures/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "core/contracts.hpp"
#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "report/data/report_assets.hpp"
#include "report/figures/child_process.hpp"

namespace varprop::report {

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

namespace fs = std::filesystem;

namespace {

constexpr const char* png_zoom = "--zoom=4";  // about 400 points an inch

/// Debian has both names.
std::optional<fs::path> find_node() {
  const auto node = find_program("node");
  return node ? node : find_program("nodejs");
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

/// What is put into a folder that nobody sees.
void write_into(const fs::path& folder, const char* name, std::string_view text) {
  write_text({folder / name, folder / name}, {text});
}

/// Draws into scratch/drawn; the names of the pictures and what node said about them.
struct Drawn {
  std::vector<std::string> names;
  std::string remark;
};

Drawn draw(const fs::path& scratch, std::string_view data) {
  write_into(scratch, "figures.mjs", figures_program());
  write_into(scratch, "data.json", data);
  fs::create_directory(scratch / "drawn");
  const auto said = run_child({find_node()->string(), (scratch / "figures.mjs").string(),
                               (scratch / "data.json").string(), (scratch / "drawn").string()},
                              scratch);
  if (said.exit_code != 0)
    throw SystemError(fmt::format("node could not draw the figures: {}", trimmed(said.errors)));
  Drawn drawn{{}, trimmed(said.errors)};
  std::istringstream lines(said.output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) drawn.names.push_back(fs::path(line).filename().string());
  }
  return drawn;
}

/// The picture as PNG beside it.
std::string rasterize(const fs::path& converter, const fs::path& folder, const std::string& name,
                      const fs::path& scratch) {
  const std::string png = fs::path(name).replace_extension(".png").string();
  const auto said = run_child({converter.string(), png_zoom, "--background-color=white", "-o",
                               (folder / png).string(), (folder / name).string()},
                              scratch);
  if (said.exit_code != 0)
    throw SystemError(fmt::format("rsvg-convert could not convert {}: {}", name, trimmed(said.errors)));
  return png;
}

}  // namespace

void validate_figures(const fs::path& directory) {
  validate(!figures_program().empty(), fmt::format("--figures: {}.", built_without_npm));
  validate(find_node().has_value(), "--figures: node draws them, and it is not on the PATH.");
  std::error_code unknown;
  const fs::path figures = FigureFolder(directory).path();
  validate(!fs::exists(figures, unknown) || fs::is_directory(figures, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.", figures.string()));
}

std::string older_figures(const fs::path& directory) {
  const FigureFolder figures(directory);
  if (!figures.is_drawn()) return "";
  return fmt::format("{} is of an earlier analysis; --figures draws it anew", figures.path().string());
}

std::string draw_figures(Replacement& files, std::string_view data) {
  const fs::path scratch = files.scratch("drawing");
  Drawn drawn = draw(scratch, data);
  const fs::path folder = scratch / "drawn";
  const std::size_t pictures = drawn.names.size();
  const auto converter = find_program("rsvg-convert");
  for (std::size_t i = 0; converter && i < pictures; ++i)
    drawn.names.push_back(rasterize(*converter, folder, drawn.names[i], scratch));
  const FigureFolder figures(files.directory());
  figures.replace(files, folder, drawn.names);
  std::string sentence = fmt::format("{} ({} SVG{})", figures.path().string(), pictures,
                                     converter ? ", the same as PNG" : "; for PNG, rsvg-convert is missing");
  return drawn.remark.empty() ? sentence : sentence + "\n" + drawn.remark;
}

}  // namespace varprop::report
