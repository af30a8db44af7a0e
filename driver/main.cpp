// varprop: how variance and gradient travel through random neural networks.
#include <fcntl.h>

#include <csignal>

#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"

namespace {

/// A closed standard stream would give its number to the next file that is opened: messages would land in the
/// results.
void occupy_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) == -1)
      open("/dev/null", O_RDWR);  // takes the lowest free number: this one
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  // A reader that leaves and a limit on file sizes end nothing: they are writes that fail, each with its
  // sentence.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return static_cast<int>(varprop::driver::run_command_line(argc, argv, varprop::driver::all_commands));
}
