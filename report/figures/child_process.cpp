#include "report/figures/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"

namespace varprop::report {

namespace fs = std::filesystem;

namespace {

/// Where the child's standard streams lead, by their numbers.
using Streams = std::array<FileDescriptor, 3>;

Streams open_streams(const fs::path& output, const fs::path& errors) {
  const auto opened = [](const char* path, int flags) {
    FileDescriptor file(::open(path, flags | O_CLOEXEC, 0600));
    if (!file) throw SystemError(std::string("cannot open ") + path + ": " + system_reason() + ".");
    return file;
  };
  constexpr int anew = O_WRONLY | O_CREAT | O_TRUNC;
  return {opened("/dev/null", O_RDONLY), opened(output.c_str(), anew), opened(errors.c_str(), anew)};
}

/// The child from fork to exec, where only calls that are safe after a fork of a process with threads are
/// allowed. It dies with its parent, also where that is killed; a parent that died before that was arranged
/// is no longer its parent. Where the program cannot be started `refusal` gets the error's number.
[[noreturn]] void become(char* const* argv, const Streams& streams, pid_t parent, int refusal) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  for (int stream = 0; stream < 3; ++stream) ::dup2(streams[static_cast<std::size_t>(stream)].get(), stream);
  ::execv(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const auto told = ::write(refusal, &error, sizeof error);
  ::_exit(127);
}

/// The error's number of a child that could not become its program; 0 where it did, which closes the pipe.
int refusal_of(const FileDescriptor& pipe) {
  int error = 0;
  ssize_t got = 0;
  do got = ::read(pipe.get(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start(char* const* argv, const Streams& streams) {
  const auto refuse = [&](int error) {
    throw SystemError(std::string("cannot start ") + argv[0] + ": " + system_reason(error) + ".");
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) refuse(errno);
  const FileDescriptor heard(ends[0]);
  FileDescriptor told(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(argv, streams, parent, told.get());
  if (child < 0) refuse(errno);
  told = FileDescriptor();  // closed here, so that the child's is the last
  if (const int refused = refusal_of(heard); refused != 0) {
    wait_for(child);
    refuse(refused);
  }
  return child;
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code unknown;
    if (fs::is_regular_file(candidate, unknown) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

ChildOutput run_child(const std::vector<std::string>& arguments, const fs::path& scratch) {
  const fs::path output = scratch / "child.out", errors = scratch / "child.err";
  const Streams streams = open_streams(output, errors);
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int exit_code = wait_for(start(argv.data(), streams));
  return {exit_code, text_of(output), text_of(errors)};
}

}  // namespace varprop::report
