// varprop: how variance and gradient travel through random neural networks.
#include <fcntl.h>

#include <csignal>

#include "driver/commands/command_line.hpp"

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
  std::signal(SIGPIPE,
              SIG_IGN);  // a reader that leaves ends nothing: a failed write is seen where it matters
  return static_cast<int>(varprop::run_command_line(argc, argv));
}
