#include "analysis/report/drawing_room.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "analysis/report/whole_file.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = "owner.lock";

/// A lock of the whole file; false where another process has it, or where the file system has no locks.
bool lock(const FileDescriptor& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file.get(), F_SETLK, &whole) == 0;
}

bool is_room(const fs::path& path) {
  const std::string name = path.filename().string();
  std::error_code unknown;
  return name.starts_with("figures.") && name.ends_with(".part") && fs::is_directory(path, unknown);
}

/// Without its lock file a room is only just being made, or nobody knows whose it is.
bool is_left(const fs::path& room) {
  const FileDescriptor file(::open((room / lock_name).c_str(), O_RDWR | O_CLOEXEC));
  return file && lock(file);
}

}  // namespace

DrawingRoom::DrawingRoom(const fs::path& directory)
    : path_(directory / fmt::format("figures.{}.part", ::getpid())) {
  make_directory(path_);
  lock_ = FileDescriptor(::open((path_ / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock_) lock(lock_);
}

DrawingRoom::~DrawingRoom() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void clear_left_rooms(const fs::path& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (is_room(entry.path()) && is_left(entry.path())) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace varprop
