#include "core/storage/hdf5_error.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <cstdlib>
#include <new>

#include "core/errors.hpp"

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

}  // namespace varprop::hdf5
