// One writer at a time: an exclusive lock on RESULTS.h5.lock.
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
/// it over and removes it. The lock belongs to the process: one WriterLock per results file in it.
class WriterLock {
 public:
  /// Waits for `patience` while another process has it, then throws InputError, naming the holder;
  /// SystemError where locking is impossible.
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
/// file is made and no lock taken. Of no use in a process that holds a WriterLock of the same file, which it
/// would not see and would lose.
std::optional<std::string> present_writer(const std::filesystem::path& results);

}  // namespace varprop
