// on_target TARGET ARGUMENTS...: varprop with one of Highway's targets (AVX2, AVX3), whatever this machine's
// best is. Without arguments: the targets that can be asked for here, a line each.
#include <cstdio>
#include <exception>
#include <string>

#include "core/simd/forced_target.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"

int main(int argc, char** argv) {
  try {
    for (const std::int64_t target : varprop::vector_targets()) {
      const std::string name = hwy::TargetName(target);
      if (argc < 2) std::puts(name.c_str());
      if (argc < 2 || name != argv[1]) continue;
      const varprop::ForcedTarget forced(target);
      return static_cast<int>(
          varprop::driver::run_command_line(argc - 1, argv + 1, varprop::driver::all_commands));
    }
    if (argc < 2) return 0;
    std::fprintf(stderr, "on_target: this machine has no %s\n", argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "on_target: %s\n", error.what());
  }
  return 2;
}
