#include "analysis/report/figures.hpp"

#include <fmt/format.h>

#include <sstream>
#include <vector>

#include "analysis/report/child_process.hpp"
#include "analysis/report/figure_folder.hpp"
#include "analysis/report/report_assets.hpp"
#include "core/contracts.hpp"

namespace varprop {

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

/// Draws into room/drawn; the names of the pictures and what node said about them.
struct Drawn {
  std::vector<std::string> names;
  std::string remark;
};

Drawn draw(const fs::path& room, std::string_view data) {
  write_into(room, "figures.mjs", figures_program());
  write_into(room, "data.json", data);
  fs::create_directory(room / "drawn");
  const auto said = run_child({find_node()->string(), (room / "figures.mjs").string(),
                               (room / "data.json").string(), (room / "drawn").string()},
                              room);
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
                      const fs::path& room) {
  const std::string png = fs::path(name).replace_extension(".png").string();
  const auto said = run_child({converter.string(), png_zoom, "--background-color=white", "-o",
                               (folder / png).string(), (folder / name).string()},
                              room);
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
  const fs::path room = files.scratch("drawing");
  Drawn drawn = draw(room, data);
  const fs::path folder = room / "drawn";
  const std::size_t pictures = drawn.names.size();
  const auto converter = find_program("rsvg-convert");
  for (std::size_t i = 0; converter && i < pictures; ++i)
    drawn.names.push_back(rasterize(*converter, folder, drawn.names[i], room));
  const FigureFolder figures(files.directory());
  figures.replace(files, folder, drawn.names);
  std::string sentence = fmt::format("{} ({} SVG{})", figures.path().string(), pictures,
                                     converter ? ", the same as PNG" : "; for PNG, rsvg-convert is missing");
  return drawn.remark.empty() ? sentence : sentence + "\n" + drawn.remark;
}

}  // namespace varprop
