// The sweep command, once its command line is understood.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"
#include "core/storage/file_size.hpp"
#include "core/sweep/sweep.hpp"
#include "driver/run/fault.hpp"
#include "driver/run/progress.hpp"

namespace varprop::driver {

struct SweepOptions {
  std::filesystem::path sweep_file;
  std::vector<std::string> overrides;  ///< arguments of --set
  std::string engine;                  ///< argument of --engine; empty: the sweep file's
  std::filesystem::path results;
  bool overwrite = false;  ///< an existing results file is replaced
  bool resume =
      false;  ///< an existing results file must be of the same sweep (it is continued without this, too)
  std::optional<Shard> shard;                ///< only this shard's units, into a file of their own
  std::vector<std::filesystem::path> reuse;  ///< earlier results, whose done units are taken over
  int threads = 0;                           ///< compute threads of this process; 0: its share of the cores
  std::optional<double> time_limit;  ///< seconds from the start of the process; nothing: none but the job's
  double grace = 30;                 ///< seconds that running units have to finish after SIGUSR1
  Fault fault;                       ///< for tests
  Patience patience;                 ///< other times than usual: for tests
  std::optional<double> pace;        ///< for tests: what a predicted second is expected to take; else probed
  std::int64_t max_file_size = default_largest_file;  ///< bytes
  ProgressMode progress = ProgressMode::automatic;
  std::string command_line;  ///< as typed, for the file's provenance
};

/// Reads the sweep file (rank 0), resolves it (every rank), creates or resumes the results file and fills it:
/// alone, or as one rank of many. Every rank returns rank 0's code. Throws InputError and SystemError on rank
/// 0, when the others have been told; a rank that cannot go on ends all. Listens to the signals that ask for
/// a stop.
ExitCode run_sweep(const SweepOptions& options, Communicator& communicator);

}  // namespace varprop::driver
