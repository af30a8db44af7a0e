#include "core/storage/companion_paths.hpp"

#include <system_error>

namespace varprop {

namespace {

std::filesystem::path beside(const std::filesystem::path& results, const char* suffix) {
  std::filesystem::path path = resolved_path(results);
  path += suffix;
  return path;
}

}  // namespace

std::filesystem::path resolved_path(const std::filesystem::path& results) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(results, error);
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
