// One writer at a time: an exclusive lock on RESULTS.h5.lock.
#pragma once

#include <chrono>
#include <filesystem>

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

}  // namespace varprop
