// The folder in which figures are drawn before they are moved to their place.
#pragma once

#include <filesystem>

#include "core/storage/file_descriptor.hpp"

namespace varprop {

/// DIRECTORY/figures.PID.part: removed in the end, and by the next analysis where its owner was killed. The
/// owner holds a lock on a file in it, which ends with the owner on every host, whatever its number.
class DrawingRoom {
 public:
  explicit DrawingRoom(const std::filesystem::path& directory);
  ~DrawingRoom();
  DrawingRoom(const DrawingRoom&) = delete;
  DrawingRoom& operator=(const DrawingRoom&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  FileDescriptor lock_;
};

/// Removes the rooms in a directory whose owners are gone.
void clear_left_rooms(const std::filesystem::path& directory);

}  // namespace varprop
