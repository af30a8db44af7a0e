#include "driver/run/destination.hpp"

#include <fmt/format.h>

#include "core/contracts.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/results_file.hpp"

namespace varprop {

namespace {

namespace fs = std::filesystem;

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code neither_exists;
  return fs::equivalent(a, b, neither_exists);
}

void require_free_companion(const fs::path& companion, const std::string& named,
                            const std::vector<fs::path>& inputs) {
  if (!fs::exists(companion)) return;
  validate(
      fs::is_regular_file(companion),
      fmt::format("{}: {}, a name that varprop needs beside it, is no file.", named, companion.string()));
  for (const fs::path& input : inputs) {
    validate(!same_file(companion, input),
             fmt::format("{}: {} has a name that varprop needs for itself beside the results.", named,
                         input.string()));
  }
}

}  // namespace

void require_destination(const fs::path& path, const std::string& named,
                         const std::vector<fs::path>& inputs) {
  validate(path.has_filename(), fmt::format("{}: here the name of a file is needed.", named));
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  validate(fs::is_directory(folder), fmt::format("{}: there is no folder {}.", named, folder.string()));
  validate(!fs::exists(path) || fs::is_regular_file(path),
           fmt::format("{}: this is not a file that results could be written to.", named));
  for (const fs::path& input : inputs) {
    validate(!same_file(path, input), fmt::format("{}: {} is read, so it cannot be written: the results need "
                                                  "a file of their own.",
                                                  named, input.string()));
  }
  for (const auto& companion : {lock_path(path), log_path(path), creating_path(path)}) {
    require_free_companion(companion, named, inputs);
  }
}

void require_replaceable(const fs::path& path) {
  try {
    const ResultsFile file(path, ResultsFile::Access::read);
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) +
                     " --overwrite replaces results of varprop only: remove it yourself if it may go.");
  }
}

}  // namespace varprop
