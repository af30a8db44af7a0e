// Every other rank's part of a sweep: compute what rank 0 sends.
#pragma once

#include "core/parallel/communicator.hpp"
#include "driver/run/compute_pool.hpp"

namespace varprop {

/// Computes packs until rank 0 says stop; returns when the last record is on its way and farewell is said.
void follow(Communicator& communicator, const Sweep& sweep, ComputePool& pool);

}  // namespace varprop
