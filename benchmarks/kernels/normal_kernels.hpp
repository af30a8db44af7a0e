// Standard normals: ours beside the standard library's.
#pragma once

#include "benchmarks/kernels/processor_clock.hpp"

namespace varprop::benchmarks {

/// normals/varprop, normals/bits (the random bits alone) and normals/std (std::normal_distribution on
/// std::mt19937_64): ns and cycles per draw, into a buffer in the level-1 cache. The clock must outlive the
/// run.
void register_normal_kernels(const ProcessorClock& clock);

}  // namespace varprop::benchmarks
