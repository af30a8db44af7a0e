#include <fcntl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <new>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"

namespace varprop::hdf5 {

namespace {

constexpr std::size_t least_memory = std::size_t{4} << 20;  ///< bytes: twice what opening a file takes

/// HDF5's drivers wrap strerror()'s words into a list of pointers and offsets: only those words help a user.
std::string plain_words(const std::string& description) {
  static constexpr std::string_view label = "error message = '";
  const auto begin = description.find(label);
  if (begin == std::string::npos) return description;
  const auto words = description.substr(begin + label.size());
  return words.substr(0, words.find('\''));
}

herr_t keep_innermost(unsigned position, const H5E_error2_t* error, void* reason) {
  if (position == 0 && error->desc != nullptr) *static_cast<std::string*>(reason) = plain_words(error->desc);
  return 0;
}

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

void silence() {
  // Files are closed by their owners. What these leave open, HDF5 must not write at the end of the process.
  [[maybe_unused]] static const herr_t once = H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string reason() {
  std::string words = "HDF5 gives no reason";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &words);
  return words;
}

void require_memory() {
  void* const block = std::malloc(least_memory);
  if (block == nullptr) throw std::bad_alloc();
  // Kept from a compiler that sees that nobody uses it.
  *static_cast<volatile char*>(block) = 0;
  std::free(block);
}

void fail(std::string_view verb, std::string_view object, std::string_view why) {
  require_memory();
  throw SystemError(fmt::format("cannot {} {}: {}", verb, object, why));
}

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

namespace varprop {

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace varprop
