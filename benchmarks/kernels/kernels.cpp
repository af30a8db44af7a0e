// Google Benchmark over random numbers and engines. kernels --help has its options.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include "benchmarks/kernels/engine_kernels.hpp"
#include "benchmarks/kernels/normal_kernels.hpp"
#include "benchmarks/kernels/processor_clock.hpp"
#include "core/build_info.hpp"
#include "core/simd/target.hpp"

int main(int argc, char** argv) {
  using namespace varprop;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  require_simd_target();
  const benchmarks::ProcessorClock clock;
  benchmark::AddCustomContext("instruction_set", simd_target());
  benchmark::AddCustomContext("compiler", compiler());
  benchmark::AddCustomContext("clock_GHz", fmt::format("{:.2f}", clock.hertz() / 1e9));
  benchmark::AddCustomContext("cycles", clock.source());
  benchmarks::register_normal_kernels(clock);
  benchmarks::register_engine_kernels(clock);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
