// An HDF5 file as varprop wants it: default format bounds, no sieve buffer, no locking of HDF5's own.
#pragma once

#include <filesystem>

#include "core/storage/hdf5_handle.hpp"

namespace varprop::hdf5 {

enum class Access { read, write };

/// Creates or empties a file whose root tracks and indexes the creation order of links and attributes.
FileHandle create_file(const std::filesystem::path& path);

FileHandle open_file(const std::filesystem::path& path, Access access);

/// The POSIX descriptor under an open file, for fsync and fstat. It belongs to the file.
int descriptor(const FileHandle& file);

/// Hands everything written so far to the disk: H5Fflush, then fsync, which H5Fflush leaves out.
void flush_to_disk(const FileHandle& file);

/// Lets HDF5 close a file whose disk takes no more: what it still has to write goes to memory instead, and is
/// lost. A close that fails would leave the library in a state that crashes when the process ends.
void abandon(FileHandle file);

}  // namespace varprop::hdf5
