// varprop: how variance and gradient travel through random neural networks.
#include "driver/commands/command_line.hpp"

int main(int argc, char** argv) {
  return static_cast<int>(varprop::run_command_line(argc, argv));
}
