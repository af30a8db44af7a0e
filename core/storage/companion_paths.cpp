#include "core/storage/companion_paths.hpp"

#include <pwd.h>
#include <sys/stat.h>

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

std::string owner_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "nobody known";
  const std::string uid = "uid " + std::to_string(status.st_uid);
  const passwd* const user = ::getpwuid(status.st_uid);
  return user == nullptr ? uid : std::string(user->pw_name) + " (" + uid + ")";
}

std::string kind_of_no_file(const std::filesystem::path& path) {
  std::error_code error;
  switch (std::filesystem::status(path, error).type()) {
    case std::filesystem::file_type::directory:
      return "a directory";
    case std::filesystem::file_type::fifo:
      return "a pipe";
    case std::filesystem::file_type::socket:
      return "a socket";
    case std::filesystem::file_type::block:
    case std::filesystem::file_type::character:
      return "a device";
    default:
      return "";
  }
}

}  // namespace varprop
