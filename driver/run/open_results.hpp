// The results file that a sweep writes to: a new one, or an old one to go on with.
#pragma once

#include <optional>
#include <string>

#include "core/storage/results_file.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/run_sweep.hpp"
#include "driver/sweep_file/sweep_text.hpp"

namespace varprop {

/// Throws InputError unless `options.results` can name a results file: in a folder that exists, a regular
/// file or none yet.
void require_destination(const SweepOptions& options);

/// Opens `options.results` for writing if it holds this very sweep; creates it if there is none, or if it is
/// to be overwritten. The writer's lock must be held. Throws InputError where another sweep, another numerics
/// version or something else altogether is in the way, or where the file would be too large; nothing is
/// touched then.
std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep,
                                        const SweepText& text, const std::string& mpi_version,
                                        Progress& progress);

}  // namespace varprop
