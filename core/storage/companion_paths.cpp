#include "core/storage/companion_paths.hpp"

#include <system_error>

namespace varprop {

namespace {

constexpr int most_links = 40;  // as many as Linux follows

std::filesystem::path beside(const std::filesystem::path& results, const char* suffix) {
  std::filesystem::path path = resolved_path(results);
  path += suffix;
  return path;
}

}  // namespace

std::filesystem::path resolved_path(const std::filesystem::path& results) {
  std::error_code error;
  std::filesystem::path target = results;
  for (int links = 0; links < most_links && std::filesystem::is_symlink(target, error); ++links) {
    target = target.parent_path() /
             std::filesystem::read_symlink(target, error);  // also where it leads nowhere yet
  }
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(target, error);
  return error ? results : resolved;
}

std::filesystem::path lock_path(const std::filesystem::path& results) {
  return beside(results, ".lock");
}
std::filesystem::path log_path(const std::filesystem::path& results) {
  return beside(results, ".log.jsonl");
}
std::filesystem::path creating_path(const std::filesystem::path& results) {
  return beside(results, ".creating");
}

std::filesystem::path folder_of(const std::filesystem::path& results) {
  const std::filesystem::path folder = resolved_path(results).parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

}  // namespace varprop
