// The charts as pictures for a paper, drawn by the JavaScript that the program carries, and the folder that
// they stand in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/storage/replacement.hpp"

namespace varprop::report {

/// Where a program of this name stands on the PATH.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// What a program said.
struct ChildOutput {
  int exit_code;  ///< 128 + the signal that ended it
  std::string output;
  std::string errors;
};

/// Runs a program with its arguments (the first one its path), its input empty. It dies with the thread that
/// calls. Output passes through files in `scratch`, a directory. Throws SystemError where it cannot be
/// started.
ChildOutput run_child(const std::vector<std::string>& arguments, const std::filesystem::path& scratch);

/// Its list, figures/drawn.txt, names the files that analyses own; others are never touched.
class FigureFolder {
 public:
  explicit FigureFolder(const std::filesystem::path& directory) : path_(directory / "figures") {}

  const std::filesystem::path& path() const { return path_; }
  /// Whether an analysis has drawn into it.
  bool is_drawn() const;
  /// Stages the files of these names from `drawn`, their list, and the end of those of the analysis before.
  void replace(Replacement& files, const std::filesystem::path& drawn,
               const std::vector<std::string>& names) const;

 private:
  std::vector<std::string> listed() const;

  std::filesystem::path path_;
};

/// Throws InputError, with the reason, where figures cannot be drawn into DIRECTORY/figures: no node, a
/// program built without npm, a file in the way.
void validate_figures(const std::filesystem::path& directory);

/// That the figures in a directory were drawn by an analysis before; empty where there are none.
std::string older_figures(const std::filesystem::path& directory);

/// Draws the charts of a report's data (JSON) as SVG, for DIRECTORY/figures, and as PNG where rsvg-convert is
/// there. They are to replace those of an analysis before. What was drawn, as sentences. Throws SystemError
/// where node fails.
std::string draw_figures(Replacement& files, std::string_view data);

}  // namespace varprop::report
