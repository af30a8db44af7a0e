#include "driver/commands/standard_output.hpp"

#include <cstdio>

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"

namespace varprop {

bool speaks() {
  return rank_from_environment() == 0;
}

void print_out(const std::string& text) {
  const bool written = std::fputs((text + "\n").c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  if (!written) throw SystemError("the answer could not be written to the standard output.");
}

}  // namespace varprop
