// Done units of earlier sweeps, taken over by a new one (--reuse).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/storage/results_file.hpp"

namespace varprop::driver {

/// What came of one earlier file.
struct ReuseOutcome {
  std::int64_t units = 0;  ///< taken over
  std::string reason;      ///< why none could be, as the rest of a sentence; empty where some were
};

/// Opens the files of --reuse for reading. Throws InputError where one is no results file.
std::vector<ResultsFile> open_earlier_results(const std::vector<std::filesystem::path>& paths);

/// Commits to `file`, whose writer's lock is held, every pending or failed unit that `earlier` has done: of
/// the same point (canonical text), seed, numerics version, replicas per batch and number of the batch, where
/// `earlier` recorded all datasets and layers that `file` asks for. The numbers are those that a run would
/// compute, to the last bit; the wall seconds are the earlier ones. Memory: a few tens of megabytes and a few
/// bytes a unit. Ends early where a stop is requested. Throws SystemError where the disk refuses.
ReuseOutcome reuse_units(ResultsFile& file, const ResultsFile& earlier);

}  // namespace varprop::driver
