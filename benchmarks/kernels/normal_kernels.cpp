#include "benchmarks/kernels/normal_kernels.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <random>

#include "benchmarks/kernels/work_counters.hpp"
#include "benchmarks/normals/normal_blocks.hpp"
#include "core/simd/forced_target.hpp"

namespace varprop::benchmarks {

namespace {

constexpr std::size_t draws = 1024;  ///< an iteration: 8 KB

template <class T>
struct alignas(64) Buffer {
  std::array<T, draws> draw;
};

/// An iteration fills the buffer with the next draws: fill(number of the iteration, buffer).
template <class T, class Fill>
void fill_repeatedly(benchmark::State& state, const ProcessorClock& clock, Fill&& fill) {
  Buffer<T> buffer;
  std::uint64_t iteration = 0;
  const WorkCounters counters(state, clock, draws);
  for (auto _ : state) {
    fill(iteration++, buffer.draw);
    benchmark::DoNotOptimize(buffer);
    benchmark::ClobberMemory();
  }
}

}  // namespace

void register_normal_kernels(const ProcessorClock& clock) {
  static constexpr Stream stream(PointKey::derive(1, 1), 0, 1, Purpose::preactivation);
  static constexpr std::uint64_t groups = draws / group;
  const auto our_normals = [&clock](benchmark::State& state) {
    fill_repeatedly<double>(state, clock,
                            [](std::uint64_t i, auto& out) { fill_normals(stream, i * groups, out); });
  };
  benchmark::RegisterBenchmark("normals/varprop", our_normals);
  if ((hwy::SupportedTargets() & HWY_AVX2) != 0) {
    benchmark::RegisterBenchmark("normals/varprop_with_AVX2", [our_normals](benchmark::State& state) {
      const ForcedTarget target(HWY_AVX2);
      our_normals(state);
    });
  }
  benchmark::RegisterBenchmark("normals/bits", [&clock](benchmark::State& state) {
    fill_repeatedly<std::uint64_t>(state, clock,
                                   [](std::uint64_t i, auto& out) { fill_bits(stream, i * groups, out); });
  });
  benchmark::RegisterBenchmark("normals/std", [&clock](benchmark::State& state) {
    std::mt19937_64 random_bits(1);
    std::normal_distribution<double> normal;
    fill_repeatedly<double>(state, clock, [&](std::uint64_t, auto& out) {
      for (double& x : out) x = normal(random_bits);
    });
  });
}

}  // namespace varprop::benchmarks
