// A forked process that reports through a pipe and is killed with its object.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "core/storage/file_descriptor.hpp"

namespace varprop {

class ChildProcess {
 public:
  /// Runs body(descriptor to report to) in a child and leaves it there.
  template <class Body>
  explicit ChildProcess(Body&& body) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    id_ = ::fork();
    if (id_ == 0) {
      ::close(ends[0]);
      try {
        body(ends[1]);
      } catch (...) {
        ::_exit(2);
      }
      ::_exit(0);
    }
    ::close(ends[1]);
    reports_ = FileDescriptor(ends[0]);
  }
  ChildProcess(ChildProcess&& other) noexcept
      : id_(std::exchange(other.id_, 0)), reports_(std::move(other.reports_)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess() { kill(); }

  pid_t id() const { return id_; }

  /// The next byte of the child's report; −1 where it has ended.
  int next_byte() {
    unsigned char byte = 0;
    return ::read(reports_.get(), &byte, 1) == 1 ? byte : -1;
  }

  /// SIGKILL, at once.
  void kill() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(std::exchange(id_, 0), nullptr, 0);
  }

 private:
  pid_t id_ = 0;
  FileDescriptor reports_;
};

}  // namespace varprop
