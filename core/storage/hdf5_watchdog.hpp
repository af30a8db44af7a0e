// HDF5 does not come to an end with some damaged files (a zeroed stretch of a heap of texts is one), and
// breaks down on others: calls of it are timed, and one that takes too much of the processor, or crashes,
// ends the process with a sentence.
#pragma once

#include <filesystem>
#include <string>

namespace varprop::hdf5 {

/// What is said, in whole lines, of a file that HDF5 does not come to an end with, or breaks down on.
struct FileTrouble {
  std::string endless, crash;
};

/// The file that this thread reads while this lives: timed calls are about it.
class WatchedFile {
 public:
  explicit WatchedFile(const std::filesystem::path& path);
  ~WatchedFile();
  WatchedFile(const WatchedFile&) = delete;
  WatchedFile& operator=(const WatchedFile&) = delete;

 private:
  FileTrouble trouble_;
  const FileTrouble* before_;
};

/// A call of HDF5, for as long as this lives. Where it takes more *processor* time of this thread than any
/// call needs, seconds that `bytes` to be transferred add to, the process ends: the sentence on stderr,
/// ExitCode::bad_input. A disk that lets it wait takes none. So it ends where the call crashes (SIGSEGV, …).
/// Nothing where no file is watched.
///
/// The limit is 5 s, or what VARPROP_HDF5_SECONDS says (for tests).
class TimedCall {
 public:
  explicit TimedCall(double bytes = 0);
  ~TimedCall();
  TimedCall(const TimedCall&) = delete;
  TimedCall& operator=(const TimedCall&) = delete;

 private:
  bool timed_;
};

/// How the process ends, with an exit code, when a call does not: std::_Exit, or what ends all ranks of a
/// job. It is called by a signal handler, and killed where it does not return within some seconds.
void end_endless_calls_by(void (*end)(int code));

}  // namespace varprop::hdf5
