// The exceptions that end a command, each tied to one exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace varprop {

/// Bad usage or input: the user can mend it. Nothing has been written. Exit code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The outside world failed: a disk, a file, a lock, a launcher. Exit code 1.
class SystemError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The codes that `varprop` returns (docs/running.md explains them to users).
enum class ExitCode : int {
  complete = 0,
  failure = 1,
  bad_input = 2,
  some_points_failed = 3,
  stopped_early = 75,
};

}  // namespace varprop
