// varprop's command line, many times in one program: a campaign of 10⁵ commands has no time to load it anew
// for each.
//
// Reads commands from the standard input and answers each with a line on the standard output before it takes
// the next:
//
//     FIELDS \0 FOLDER \0 STDOUT \0 STDERR \0 SECONDS \0 varprop \0 ARGUMENT \0 …     FIELDS: how many follow
//     exit CODE PROCESSOR_SECONDS KILOBYTES, or: signal NUMBER PROCESSOR_SECONDS KILOBYTES
//
// Each command runs in a child of its own, which is all that main() is: its standard streams are the two
// files. A child that takes more than SECONDS of the processor gets SIGXCPU, and SIGALRM after ten times as
// many on the clock: a machine may be busy, but a command that waits for ever ends, too.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"

namespace {

constexpr unsigned clock_factor = 10;

struct Command {
  std::string folder, out, err;
  unsigned seconds;
  std::vector<std::string> words;
};

std::string next_field() {
  std::string field;
  std::getline(std::cin, field, '\0');
  return field;
}

/// Nothing at the end of the input.
std::optional<Command> next_command() {
  const int fields = std::atoi(next_field().c_str());
  if (!std::cin || fields < 5) return std::nullopt;
  Command command{
      next_field(), next_field(), next_field(), static_cast<unsigned>(std::atoi(next_field().c_str())), {}};
  for (int i = 4; i < fields; ++i) command.words.push_back(next_field());
  return command;
}

void redirect(int descriptor, const char* path, int flags) {
  const int file = ::open(path, flags | O_CLOEXEC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) std::_Exit(126);
}

/// What driver/main.cpp does, within limits.
[[noreturn]] void run(const Command& command) {
  if (::chdir(command.folder.c_str()) != 0) std::_Exit(126);
  redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirect(STDOUT_FILENO, command.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, command.err.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  const rlimit processor{command.seconds, command.seconds}, core{0, 0};
  ::setrlimit(RLIMIT_CPU, &processor);
  ::setrlimit(RLIMIT_CORE, &core);
  ::alarm(clock_factor * command.seconds);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::vector<const char*> words;
  for (const std::string& word : command.words) words.push_back(word.c_str());
  std::exit(static_cast<int>(varprop::driver::run_command_line(static_cast<int>(words.size()), words.data(),
                                                               varprop::driver::all_commands)));
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

void answer(int status, const rusage& used) {
  const bool ended = WIFEXITED(status);
  std::printf("%s %d %.3f %ld\n", ended ? "exit" : "signal", ended ? WEXITSTATUS(status) : WTERMSIG(status),
              seconds_of(used.ru_utime) + seconds_of(used.ru_stime), used.ru_maxrss);
  std::fflush(stdout);
}

}  // namespace

int main() {
  while (const auto command = next_command()) {
    const pid_t child = ::fork();
    if (child == 0) run(*command);
    int status = 0;
    rusage used{};
    if (child < 0 || ::wait4(child, &status, 0, &used) < 0) {
      std::perror("varprop_command_server");
      return 1;
    }
    answer(status, used);
  }
  return 0;
}
