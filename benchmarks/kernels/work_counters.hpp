// What a kernel's time is divided by.
#pragma once

#include <benchmark/benchmark.h>

#include "benchmarks/kernels/processor_clock.hpp"

namespace varprop::benchmarks {

/// While it lives it counts cycles; in the end it reports ns and cycles per item of work, of which every
/// iteration of `state` did `items`.
class WorkCounters {
 public:
  WorkCounters(benchmark::State& state, const ProcessorClock& clock, double items)
      : state_(state), clock_(clock), items_(items), start_(clock.cycles()) {}
  WorkCounters(const WorkCounters&) = delete;
  WorkCounters& operator=(const WorkCounters&) = delete;
  ~WorkCounters() {
    const double items = items_ * static_cast<double>(state_.iterations());
    state_.counters["cycles"] = (clock_.cycles() - start_) / items;
    state_.counters["time"] =
        benchmark::Counter(items, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  }

 private:
  benchmark::State& state_;
  const ProcessorClock& clock_;
  double items_;
  double start_;
};

}  // namespace varprop::benchmarks
