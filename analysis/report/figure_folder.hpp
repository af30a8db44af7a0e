// DIRECTORY/figures, and which of the files in it an analysis has put there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/storage/replacement.hpp"

namespace varprop {

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

}  // namespace varprop
