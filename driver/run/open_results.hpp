// The results file that a sweep writes to: a new one, or an old one to go on with.
#pragma once

#include <optional>
#include <string>

#include "core/storage/results_file.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/run_sweep.hpp"
#include "driver/sweep_file/sweep_text.hpp"

namespace varprop {

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

}  // namespace varprop
