// What rank 0 and the other ranks say to each other, and the others' part of a sweep: compute what rank 0
// sends.
#pragma once

#include <vector>

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"
#include "core/sweep/sweep.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {

/// The kinds of messages, in the order in which a run uses them.
enum Tag : int {
  tag_setup,    ///< root → all: the sweep's text, and its file's format
  tag_ready,    ///< → root: the number of compute threads
  tag_work,     ///< root → one: slots to compute
  tag_results,  ///< → root: finished records, and those of dropped units
  tag_stop,     ///< root → all: no more work; drop what is running, or finish it
  tag_done,     ///< → root: all results sent
  tag_verdict,  ///< root → all: the exit code, after the last is done, or instead of a setup: the run cannot
                ///< begin
  tag_trouble,  ///< → root: memory ran out, this rank computes no more
};

/// What a rank must know to compute units of a sweep as they stand in its file.
struct Setup {
  SweepText text;
  FormatVersion format;  ///< of the file, which may be older than this program's
};

/// Of tag_setup.
Bytes setup_to_bytes(const Setup& setup);
Setup setup_from_bytes(const Bytes& bytes);

/// Of tag_work: a pack, whose units both sides name by their slots.
Bytes pack_to_bytes(const Sweep& sweep, const std::vector<Unit>& pack);
std::vector<Unit> pack_from_bytes(const Sweep& sweep, const Bytes& bytes);

/// Of tag_verdict.
Bytes verdict_to_bytes(ExitCode code);
ExitCode verdict_from_bytes(const Bytes& bytes);

/// Computes packs until rank 0 says stop; returns when the last record is on its way and rank 0 told that it
/// was.
void follow(Communicator& communicator, const Sweep& sweep, ComputePool& pool);

}  // namespace varprop::driver
