// HDF5's error stack as one sentence.
#pragma once

#include <string>
#include <string_view>

namespace varprop::hdf5 {

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

}  // namespace varprop::hdf5
