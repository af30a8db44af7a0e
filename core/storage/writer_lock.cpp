#include "core/storage/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"

namespace varprop {

namespace {

FileDescriptor open_lock_file(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!file)
    throw SystemError(fmt::format("cannot create the lock file {}: {}.", path.string(), system_reason()));
  return file;
}

constexpr std::chrono::milliseconds between_tries{20};

/// A lock on the whole file; false where another process has one.
bool try_lock(const FileDescriptor& file, const std::filesystem::path& path) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  int status = 0;
  do status = ::fcntl(file.get(), F_SETLK, &whole);
  while (status != 0 && errno == EINTR);
  if (status == 0) return true;
  if (errno == EACCES || errno == EAGAIN) return false;
  throw SystemError(
      fmt::format("cannot lock {}: {}. Results can only be written where the file system has locks.",
                  path.string(), system_reason()));
}

bool still_named(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat named {
  }, open{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file.get(), &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

/// The holder may have locked the file and not yet signed it.
std::string holder(const FileDescriptor& file) {
  std::array<char, 512> text{};
  const ssize_t length = ::pread(file.get(), text.data(), text.size(), 0);
  const std::string words(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return words.empty() ? "another process" : words.substr(0, words.find('\n'));
}

void sign(const FileDescriptor& file, const std::filesystem::path& path) {
  const std::string words = this_process() + "\n";
  if (::ftruncate(file.get(), 0) == 0 &&
      ::pwrite(file.get(), words.data(), words.size(), 0) == static_cast<ssize_t>(words.size())) {
    return;
  }
  const std::string why = system_reason();
  ::unlink(path.c_str());
  throw SystemError(fmt::format("cannot write the lock file {}: {}.", path.string(), why));
}

}  // namespace

std::string this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const char* const job = std::getenv("SLURM_JOB_ID");
  return fmt::format("process {} on {}", ::getpid(), host.data()) +
         (job != nullptr ? fmt::format(", SLURM job {}", job) : "");
}

std::optional<std::string> present_writer(const std::filesystem::path& results) {
  const FileDescriptor file(::open(lock_path(results).c_str(), O_RDONLY | O_CLOEXEC));
  struct flock whole {};
  whole.l_type = F_RDLCK;
  whole.l_whence = SEEK_SET;
  if (!file || ::fcntl(file.get(), F_GETLK, &whole) != 0 || whole.l_type == F_UNLCK) return std::nullopt;
  return holder(file);
}

WriterLock::WriterLock(const std::filesystem::path& results, std::chrono::milliseconds patience)
    : path_(lock_path(results)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!acquire()) {
    if (std::chrono::steady_clock::now() >= end) {
      throw InputError(fmt::format("{} is being written by {}: a results file has one writer at a time.",
                                   results.string(), holder(file_)));
    }
    std::this_thread::sleep_for(between_tries);
  }
  sign(file_, path_);
}

/// Locks the file that the path names; false where another process has it.
bool WriterLock::acquire() {
  do {
    file_ = open_lock_file(path_);
    if (!try_lock(file_, path_)) return false;
  } while (!still_named(file_, path_));
  return true;
}

WriterLock::~WriterLock() {
  if (file_ && still_named(file_, path_)) ::unlink(path_.c_str());
}

}  // namespace varprop
