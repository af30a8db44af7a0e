#include "driver/commands/standard_output.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"
#include "core/terminal_text.hpp"

namespace varprop {

bool speaks() {
  const Copy copy = copy_from_environment();
  if (copy.rank == 0) return true;
  print_error_line(fmt::format(
      "this is copy {} of {} ({}={}) and does nothing: this command takes one process, that of rank 0. Where "
      "this one is meant to work by itself, unset {}.",
      copy.rank + 1, copy.count, copy.variable, copy.rank, copy.variable));
  return false;
}

void print_out(const std::string& text) {
  const bool written =
      std::fputs((for_terminal(text) + "\n").c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  if (!written) throw SystemError("the answer could not be written to the standard output.");
}

}  // namespace varprop
