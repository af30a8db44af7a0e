// Whole engines: what one random network costs.
#pragma once

#include "benchmarks/kernels/processor_clock.hpp"

namespace varprop::benchmarks {

/// Registers, for every engine, weight distribution and activation that core/network knows and that go
/// together,
///     engine/ENGINE/WEIGHTS/ACTIVATION/inputs:I/n:N/L:L     one size, to be compared
///     cost_n/… and cost_L/…                                 several widths, several depths
/// An iteration is one unit, through UnitSimulator like every unit of a sweep; ns and cycles are those of one
/// network, forward and backward. The clock must outlive the run.
void register_engine_kernels(const ProcessorClock& clock);

}  // namespace varprop::benchmarks
