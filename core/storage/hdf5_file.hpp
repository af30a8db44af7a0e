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

/// Takes every block of the file from the disk, also those of metadata that HDF5 has yet to write: a flush
/// that fails half-way would leave the library in a state that crashes when the process ends. Throws
/// SystemError where there is no room; does nothing on a file system that cannot reserve.
void reserve_space(const FileHandle& file);

/// Leaves a file open for good whose disk takes no more: a close that fails would crash the process, at once
/// or at its end.
void abandon(FileHandle file);

}  // namespace varprop::hdf5
