// One writer at a time: an exclusive lock on RESULTS.h5.lock, and one on the results file itself.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/storage/file_descriptor.hpp"

namespace varprop {

/// Holds the right to write a results file for as long as it lives, over all processes and, where the file
/// system has locks, all hosts.
///
/// The lock file names its holder ("process 4711 on node3, SLURM job 99"). A release removes it while it is
/// still locked; a process that opened the removed file meanwhile notices that the name no longer leads to
/// what it locked, and tries again. A killed holder leaves the file but not the lock: the next writer takes
/// it over and removes it. The lock belongs to this object's descriptor, not to the process, which may open
/// and close the lock file elsewhere (Linux's open file description locks).
class WriterLock {
 public:
  /// Waits for `patience` while another process has it, or has the results file open for writing without it
  /// (ResultsLock), then throws InputError, naming the holder; SystemError where locking is impossible, or
  /// the lock file is one that this user may not write to, or something else stands in its place (a link, a
  /// file that is not ours), which stays as it is.
  explicit WriterLock(const std::filesystem::path& results, std::chrono::milliseconds patience = {});
  ~WriterLock();
  WriterLock(WriterLock&&) noexcept = default;
  WriterLock& operator=(WriterLock&&) = delete;

 private:
  bool acquire();

  std::filesystem::path path_;
  FileDescriptor file_;
};

/// How a process signs: "process 4711 on node3, SLURM job 99".
std::string this_process();

/// Who writes the results file now, as its lock file is signed; nothing where nobody does. Looks only: no
/// file is made, no lock taken, nothing waited for.
std::optional<std::string> present_writer(const std::filesystem::path& results);

/// What keeps a second writer out that the lock file does not stop: one that came by another name of the file
/// (a hard link, a second mount), or after the lock file was removed by hand. It is a shared
/// lock on one byte far behind any file's end, which every writer sets and looks for, and it belongs to a
/// descriptor: HDF5 may open and close the file as it likes. It keeps no reader out: HDF5's own locks are of
/// another kind or, on network file systems, shared ones of the whole file.
class ResultsLock {
 public:
  ResultsLock() = default;
  /// Waits for `patience`, as WriterLock does, for a killed process that is still closing its files, then
  /// throws InputError. Where the file system refuses such a lock there is none: the lock file must do.
  ResultsLock(const FileDescriptor& results, const std::filesystem::path& path,
              std::chrono::milliseconds patience = std::chrono::seconds(5));

  /// Throws SystemError, before something is written, where the lock file is signed by another process than
  /// at the opening, or is gone and nothing else keeps a second writer out. A file that was opened without a
  /// lock file needs none.
  void require_sole_writer(const std::filesystem::path& path) const;

 private:
  bool taken_ = false;
  std::string signature_;  ///< of the lock file at the opening; empty where there was none
};

}  // namespace varprop
