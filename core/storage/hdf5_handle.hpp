// Owners of HDF5's identifiers: closed when they go.
#pragma once

#include <hdf5.h>

#include <utility>

#include "core/storage/hdf5_error.hpp"
#include "core/storage/hdf5_watchdog.hpp"

namespace varprop::hdf5 {

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

}  // namespace varprop::hdf5
