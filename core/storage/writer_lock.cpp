#include "core/storage/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <thread>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"

namespace varprop {

namespace {

constexpr std::chrono::milliseconds between_tries{20};
constexpr std::size_t most_bytes = 512;  ///< of a lock file

/// The byte of ResultsLock: far behind any file's end, within what lock managers can count.
constexpr off_t marked_byte = off_t{1} << 62;

struct flock on_byte(short type, off_t byte, off_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = length;
  return lock;
}

/// A lock on the whole file; false where another process has one.
bool try_lock(const FileDescriptor& file, const std::filesystem::path& path) {
  struct flock whole = on_byte(F_WRLCK, 0, 0);
  int status = 0;
  do status = ::fcntl(file.get(), F_OFD_SETLK, &whole);
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

/// What is in a lock file, as far as it may be one.
std::string beginning(const FileDescriptor& file) {
  std::array<char, most_bytes + 1> text{};
  const ssize_t length = ::pread(file.get(), text.data(), text.size(), 0);
  return {text.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

/// What the lock file is signed with; nothing where it is not.
std::string signature(const FileDescriptor& file) {
  const std::string words = beginning(file);
  return words.substr(0, words.find('\n'));
}

/// The holder may have locked the file and not yet signed it.
std::string holder(const FileDescriptor& file) {
  const std::string words = signature(file);
  return words.empty() ? "another process" : words;
}

/// A lock file that somebody has a lock on.
bool is_locked(const FileDescriptor& file) {
  struct flock whole = on_byte(F_RDLCK, 0, 0);
  return ::fcntl(file.get(), F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

/// Another user's lock file: of a process that is at work, or left by one that was killed.
[[noreturn]] void refuse_foreign(const std::filesystem::path& path, const std::string& why) {
  const FileDescriptor readable(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const std::string cure =
      !readable ? "If nobody writes these results, remove it and run again."
      : is_locked(readable)
          ? fmt::format("{} is writing: wait for its end.", holder(readable))
          : "Nobody on this machine holds it, so it is probably left from a process that was "
            "killed: if nobody writes these results elsewhere, remove it and run again.";
  throw SystemError(fmt::format("cannot open the lock file {}, which belongs to {}: {}. {}", path.string(),
                                owner_of(path), why, cure));
}

/// Empty, or signed by somebody. Read at once: it may be signed just now.
bool is_lock_file(const FileDescriptor& file) {
  const std::string words = beginning(file);
  constexpr std::string_view begin = "process ";
  return words.empty() ||
         (words.size() <= most_bytes && words.compare(0, begin.size(), begin) == 0 &&
          words.find_first_not_of("0123456789", begin.size()) == words.find(" on ", begin.size()));
}

/// What stands where the lock file must be; empty where that is a lock file, or nothing. It is going to be
/// signed, which would cost whatever else is in it.
std::string kind_of_no_lock_file(const FileDescriptor& file, const std::filesystem::path& path) {
  std::error_code unknown;
  if (std::filesystem::is_symlink(path, unknown)) return "a symbolic link";
  if (std::string kind = kind_of_no_file(path); !kind.empty()) return kind;
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return "";
  if (status.st_nlink > 1) return "a file with another name (a hard link)";
  return is_lock_file(file) ? "" : "a file that varprop did not write";
}

/// O_CREAT stays away from a file that exists: in a folder that everybody may write to, the system refuses it
/// for the files of others.
FileDescriptor open_lock_file(const std::filesystem::path& path) {
  constexpr int flags = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
  FileDescriptor file(::open(path.c_str(), flags));
  if (!file && errno == ENOENT) file = FileDescriptor(::open(path.c_str(), flags | O_CREAT, 0666));
  const std::string why = file ? "" : system_reason();
  const bool exists = ::access(path.c_str(), F_OK) == 0;
  if (const std::string kind = kind_of_no_lock_file(file, path); !kind.empty()) {
    throw SystemError(
        fmt::format("{} is {}, where the lock file must be: move it away.", path.string(), kind));
  }
  if (!file && exists) refuse_foreign(path, why);
  if (!file) throw SystemError(fmt::format("cannot create the lock file {}: {}.", path.string(), why));
  return file;
}

bool in_a_while(std::chrono::milliseconds patience, const std::function<bool()>& attempt) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!attempt()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(between_tries);
  }
  return true;
}

/// Whether another descriptor, of whatever process, has the byte of ResultsLock locked, and nothing before
/// it: HDF5 locks whole files, which on network file systems are locks of the same kind.
bool is_marked(const FileDescriptor& file) {
  struct flock byte = on_byte(F_WRLCK, marked_byte, 1);
  return file && ::fcntl(file.get(), F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK &&
         byte.l_start == marked_byte;
}

/// Whether a process has the results file open for writing, under whatever name.
bool is_written(const std::filesystem::path& results) {
  return is_marked(FileDescriptor(::open(results.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)));
}

std::string signature_of(const std::filesystem::path& lock) {
  const FileDescriptor file(::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  return file ? signature(file) : "";
}

constexpr const char* unknown_writer = "another process, which its lock file does not name";

[[noreturn]] void refuse_second_writer(const std::filesystem::path& results) {
  throw InputError(fmt::format(
      "{} is being written by {}: it has another name there (a hard link, a second mount), or its "
      "lock file was removed. A results file has one writer at a time.",
      results.string(), unknown_writer));
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
  const FileDescriptor file(
      ::open(lock_path(results).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (file && is_locked(file)) return holder(file);
  if (is_written(results)) return unknown_writer;
  return std::nullopt;
}

WriterLock::WriterLock(const std::filesystem::path& results, std::chrono::milliseconds patience)
    : path_(lock_path(results)) {
  if (!in_a_while(patience, [this] { return acquire(); })) {
    throw InputError(fmt::format("{} is being written by {}: a results file has one writer at a time.",
                                 results.string(), holder(file_)));
  }
  if (!in_a_while(patience, [&results] { return !is_written(results); })) {
    ::unlink(path_.c_str());
    refuse_second_writer(results);
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
  // Where locks do not reach other hosts, somebody there may have signed it meanwhile.
  if (file_ && still_named(file_, path_) && signature(file_) == this_process()) ::unlink(path_.c_str());
}

ResultsLock::ResultsLock(const FileDescriptor& results, const std::filesystem::path& path,
                         std::chrono::milliseconds patience)
    : signature_(signature_of(lock_path(path))) {
  const auto set = [&results](short type) {
    struct flock byte = on_byte(type, marked_byte, 1);
    return ::fcntl(results.get(), F_OFD_SETLK, &byte) == 0;
  };
  const auto attempt = [&] {
    taken_ = set(F_RDLCK);
    if (!is_marked(results)) return true;
    set(F_UNLCK);
    return false;
  };
  if (!in_a_while(patience, attempt)) refuse_second_writer(path);
}

void ResultsLock::require_sole_writer(const std::filesystem::path& path) const {
  if (signature_.empty()) return;
  const std::string now = signature_of(lock_path(path));
  if (now == signature_ || (now.empty() && taken_)) return;
  throw SystemError(
      fmt::format("the lock file {} {} while the sweep wrote: results have one writer at a time, so this one "
                  "stops. What was "
                  "committed before is safe, and the same command goes on from there.",
                  lock_path(path).string(), now.empty() ? "was removed" : "was taken over by " + now));
}

}  // namespace varprop
