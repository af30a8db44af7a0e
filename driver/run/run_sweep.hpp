// `varprop sweep`: from what was typed to a results file that is as complete as this run could make it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "driver/run/progress.hpp"

namespace varprop {

/// What a person typed after `varprop sweep`.
struct SweepOptions {
  std::filesystem::path sweep_file;
  std::filesystem::path results;
  std::vector<std::string> overrides;  ///< --set, in order
  std::string engine;                  ///< --engine; empty where it was not given
  bool overwrite = false;              ///< --overwrite: replace whatever is at `results`
  int threads = 0;                     ///< --threads per process; 0: this process's share of its cores
  std::int64_t largest_file = 20'000'000'000;  ///< --max-file-size, bytes
  ProgressMode progress = ProgressMode::automatic;
  std::string command_line;            ///< for the file's history
};

/// Runs the sweep alone or as one rank of many; every rank calls it and every rank returns rank 0's code. Messages come
/// from rank 0. Nothing is thrown but by MPI itself.
ExitCode run_sweep(const SweepOptions& options);

}  // namespace varprop
