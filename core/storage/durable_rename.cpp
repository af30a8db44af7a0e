#include "core/storage/durable_rename.hpp"

#include <fcntl.h>

#include <cstdio>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_descriptor.hpp"

namespace varprop {

namespace {

void bring_to_disk(const std::filesystem::path& path, int flags) {
  const FileDescriptor opened(::open(path.c_str(), flags | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) {
    throw SystemError("cannot bring " + path.string() + " to the disk: " + system_reason());
  }
}

}  // namespace

void durable_rename(const std::filesystem::path& finished, const std::filesystem::path& final_path) {
  bring_to_disk(finished, O_RDONLY);
  if (std::rename(finished.c_str(), final_path.c_str()) != 0) {
    throw SystemError("cannot rename " + finished.string() + " to " + final_path.string() + ": " +
                      system_reason());
  }
  bring_to_disk(folder_of(final_path), O_RDONLY | O_DIRECTORY);
}

}  // namespace varprop
