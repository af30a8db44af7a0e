// Where results go: may a results file of that name be there, and is it a new one, or an old one to go on
// with?
#pragma once

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

/// Throws InputError unless the file that --overwrite is to replace holds results of varprop, and not
/// something else that a slip of the hand names.
void require_replaceable(const std::filesystem::path& path);

/// `options.results`, open for reading, if it holds these units of this very sweep and all are done: then
/// nothing needs to be written, and it may lie where nothing can be. Not even its time stamp changes. Nothing
/// where it is to be overwritten, has units to do, or is not there. Throws InputError as open_results does.
std::optional<ResultsFile> open_complete_results(const SweepOptions& options, const Sweep& sweep);

/// Opens `options.results` for writing if it holds these units of this very sweep; creates it if there is
/// none, or if it is to be overwritten. The writer's lock must be held. Throws InputError where another
/// sweep, another shard, another numerics version or something else altogether is in the way, or where the
/// file would be too large; nothing is touched then. Nothing where a stop was requested meanwhile.
///
/// A shard's file that exists is gone on with as it is, even where this version of varprop would deal other
/// units to that shard: what a shard holds is settled when its file is created.
std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep,
                                        const HeldUnits& units, const SweepText& text,
                                        const std::string& mpi_version, Progress& progress);

}  // namespace varprop::driver
