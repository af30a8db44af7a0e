#include "core/storage/hdf5_file.hpp"

#include <fcntl.h>

#include <cstdlib>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/storage/hdf5_watchdog.hpp"

namespace varprop::hdf5 {

namespace {

/// A flush may still find homes for metadata beyond the end that the file has before it.
constexpr hsize_t growth_while_flushing = 64 * 1024;

/// The environment's word on HDF5's locks would outrank file_access()'s. HDF5 reads it once, when it starts.
void ignore_lock_variable() {
  [[maybe_unused]] static const int once = ::unsetenv("HDF5_USE_FILE_LOCKING");
}

/// The sieve buffer makes scattered rows seven times slower; HDF5's own lock would keep readers out.
PropertiesHandle file_access() {
  PropertiesHandle properties(check(H5Pcreate(H5P_FILE_ACCESS), "create", "file access properties"));
  check(H5Pset_sieve_buf_size(properties.id(), 1), "set", "the sieve buffer");
  check(H5Pset_file_locking(properties.id(), false, true), "set", "file locking");
  return properties;
}

/// netCDF-4 appends only to files that track creation order.
PropertiesHandle file_creation() {
  constexpr unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  PropertiesHandle properties(check(H5Pcreate(H5P_FILE_CREATE), "create", "file creation properties"));
  check(H5Pset_link_creation_order(properties.id(), order), "set", "the creation order of links");
  check(H5Pset_attr_creation_order(properties.id(), order), "set", "the creation order of attributes");
  check(H5Pset_obj_track_times(properties.id(), false), "set", "the tracking of times");
  return properties;
}

}  // namespace

FileHandle create_file(const std::filesystem::path& path) {
  require_memory();
  ignore_lock_variable();
  silence();
  return FileHandle(check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, file_creation().id(), file_access().id()),
                          "create", path.string()));
}

FileHandle open_file(const std::filesystem::path& path, Access access) {
  require_memory();
  ignore_lock_variable();
  silence();
  const unsigned flags = access == Access::write ? H5F_ACC_RDWR : H5F_ACC_RDONLY;
  const TimedCall timed;
  return FileHandle(check(H5Fopen(path.c_str(), flags, file_access().id()), "open", path.string()));
}

int descriptor(const FileHandle& file) {
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file.id(), H5P_DEFAULT, &descriptor), "ask for", "the descriptor of a file");
  return *static_cast<int*>(descriptor);
}

void flush_to_disk(const FileHandle& file) {
  check(H5Fflush(file.id(), H5F_SCOPE_LOCAL), "flush", "the results file");
  if (::fsync(descriptor(file)) != 0) {
    throw SystemError("cannot bring the results file to the disk: " + system_reason());
  }
}

void reserve_space(const FileHandle& file) {
  hsize_t size = 0;
  check(H5Fget_filesize(file.id(), &size), "read", "the size of the results file");
  const auto needed = static_cast<off_t>(size + growth_while_flushing);
  if (::fallocate(descriptor(file), FALLOC_FL_KEEP_SIZE, 0, needed) == 0) return;
  if (errno == EOPNOTSUPP || errno == ENOSYS) return;
  throw SystemError("cannot reserve " + std::to_string(needed) + " bytes: " + system_reason());
}

void abandon(FileHandle file) {
  file.release();
}

}  // namespace varprop::hdf5
