// Where results go: may a results file of that name be there, is it a new one or an old one to go on with,
// and which units of earlier sweeps does it take over (--reuse)?
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/storage/results_file.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/run_sweep.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {

/// Throws InputError unless `path` can name a results file: in a folder that exists, a regular file or none
/// yet, and it and the files that stand beside it (companion_paths.hpp) none of the files that are read.
/// `named` is how the user gave it: "-o out.h5".
void require_destination(const std::filesystem::path& path, const std::string& named,
                         const std::vector<std::filesystem::path>& inputs);

/// Why the numbers of a file must not be mixed with this program's, as the rest of a sentence about it: "was
/// made with numerics version 2, and this program computes version 3". Nothing where they are of one version.
std::optional<std::string> other_numbers(const ResultsFile& file);

/// Throws InputError unless the file that --overwrite is to replace holds results of varprop, and not
/// something else that a slip of the hand names.
void require_replaceable(const std::filesystem::path& path);

/// `options.results`, open for reading, if it holds these units of this very sweep and all are done: then
/// nothing needs to be written, and it may lie where nothing can be. Not even its time stamp changes. Nothing
/// where it is to be overwritten, has units to do, or is not there. Throws InputError as open_results does.
std::optional<ResultsFile> open_complete_results(const SweepOptions& options, const Sweep& sweep);

/// `options.results`, open for writing (or for reading, where all is done), if it holds these units of this
/// very sweep; nothing where there is none, or where it is to be overwritten. The writer's lock must be held.
/// Throws InputError where another sweep, another shard, another numerics version or something else
/// altogether is in the way; it is not touched then.
///
/// A shard's file is gone on with as it is, even where this version of varprop would deal other units to that
/// shard: what a shard holds is settled when its file is created. So are its datasets, by its format.
std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep);

/// Creates `options.results`, in place of an old file of results where that is to be overwritten. The
/// writer's lock must be held. Throws InputError where the file would be too large, or where there is nothing
/// to resume; nothing is touched then. Nothing where a stop was requested meanwhile.
std::optional<ResultsFile> create_results(const SweepOptions& options, const Sweep& sweep,
                                          const HeldUnits& units, const SweepText& text,
                                          const std::string& mpi_version, Progress& progress);

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
