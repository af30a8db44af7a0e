// A TEMPORARY STUB, for this branch only: resolves the sweep and runs nothing. To be deleted when run_sweep.cpp comes.
#include "core/sweep/sweep.hpp"
#include "driver/run/run_sweep.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop {

ExitCode run_sweep(const SweepOptions& options) {
  resolve_sweep(read_sweep_text(options.sweep_file, options.overrides, options.engine));
  throw SystemError("this build can read sweep files, but not run them yet.");
}

}  // namespace varprop
