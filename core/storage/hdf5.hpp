// HDF5 as varprop uses it: its identifiers owned, its errors sentences, files of default format bounds
// without locks of HDF5's own, attributes, and contiguous arrays that are allocated and filled when they are
// created.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/storage/hdf5_watchdog.hpp"
#include "core/storage/slot_boxes.hpp"

namespace varprop::hdf5 {

// Errors

/// Keeps HDF5 from printing its error stack on stderr: check() tells what it says. Once per process.
void silence();

/// The innermost reason HDF5 gives for the call that just failed. Any further call makes HDF5 forget it.
std::string reason();

/// Throws std::bad_alloc where not even some megabytes are left, for which HDF5 has other words, or, while it
/// begins with a file, none: it crashes.
void require_memory();

/// Throws SystemError: "cannot <verb> <object>: <why>"; std::bad_alloc as above.
[[noreturn]] void fail(std::string_view verb, std::string_view object, std::string_view why);

/// Passes an HDF5 result (hid_t, herr_t, htri_t, ssize_t) on; fail()s where it is negative.
template <class Result>
Result check(Result result, std::string_view verb, std::string_view object) {
  if (result < 0) fail(verb, object, reason());
  return result;
}

// Identifiers: closed when their owners go

template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ < 0) return;
    const TimedCall timed;  // what a damaged file did to HDF5 may show only now
    Close(id_);
  }

  hid_t id() const { return id_; }

  /// Closes it never.
  void release() { id_ = H5I_INVALID_HID; }

  /// Closes now and says whether that went well: closing a file may write. Throws SystemError.
  void close(std::string_view object) { check(Close(std::exchange(id_, H5I_INVALID_HID)), "close", object); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using FileHandle = Handle<H5Fclose>;
using DatasetHandle = Handle<H5Dclose>;
using SpaceHandle = Handle<H5Sclose>;
using TypeHandle = Handle<H5Tclose>;
using AttributeHandle = Handle<H5Aclose>;
using PropertiesHandle = Handle<H5Pclose>;

// Files

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

// Attributes of a file or dataset: text, one number, a few small numbers

void write_attribute(hid_t object, const std::string& name, const std::string& text);
/// T is double, std::int32_t or std::uint8_t.
template <class T>
requires std::is_arithmetic_v<T>
void write_attribute(hid_t object, const std::string& name, T number);
void write_attribute(hid_t object, const std::string& name, std::span<const std::uint8_t> numbers);

/// Throw SystemError where there is no such attribute or it has another type.
std::string read_text_attribute(hid_t object, const std::string& name);
/// T is double or std::int32_t.
template <class T>
T read_attribute(hid_t object, const std::string& name);

bool has_attribute(hid_t object, const std::string& name);

// Datasets and their dimension scales

using Extents = std::vector<std::uint64_t>;

/// T is double, std::int32_t, std::uint8_t or std::string. The whole array is written with `fill` before this
/// returns.
template <class T>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents, T fill);
template <>
DatasetHandle create_dataset(const FileHandle& file, const std::string& name, const Extents& extents,
                             std::string fill);

bool has_dataset(const FileHandle& file, const std::string& name);
DatasetHandle open_dataset(const FileHandle& file, const std::string& name);

Extents extents(const DatasetHandle& dataset);
/// The first byte after the dataset's array in the file; 0 where the array has no place.
std::uint64_t end_in_file(const DatasetHandle& dataset);

/// A box of the array, row-major. T is double, std::int32_t or std::uint8_t; integers can be read as double.
template <class T>
void write_box(const DatasetHandle& dataset, const Box& box, std::span<const T> values);
template <class T>
void read_box(const DatasetHandle& dataset, const Box& box, std::span<T> values);

/// All of a one-dimensional dataset. T may be std::string too.
template <class T>
void write_all(const DatasetHandle& dataset, const std::vector<T>& values);
template <>
void write_all(const DatasetHandle& dataset, const std::vector<std::string>& values);
template <class T>
std::vector<T> read_all(const DatasetHandle& dataset);
template <>
std::vector<std::string> read_all(const DatasetHandle& dataset);

/// Makes a one-dimensional dataset the scale of the dimension of its name.
void make_scale(const DatasetHandle& dataset, const std::string& name);
/// Gives one dimension of a dataset its scale.
void attach_scale(const DatasetHandle& dataset, const DatasetHandle& scale, unsigned dimension);

}  // namespace varprop::hdf5
