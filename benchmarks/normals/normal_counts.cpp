#include "benchmarks/normals/normal_counts.hpp"

#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "benchmarks/normals/normal_blocks.hpp"

namespace varprop::benchmarks {

namespace {

constexpr std::uint64_t stream_draws = std::uint64_t{1} << 22;
constexpr std::size_t block_draws = 1024;

NormalCounts count_stream(const PointKey& key, std::uint64_t number) {
  const Stream stream(key, static_cast<std::uint32_t>(number), 1, Purpose::preactivation);
  alignas(64) double block[block_draws];
  NormalCounts counts;
  for (std::uint64_t first = 0; first < stream_draws; first += block_draws) {
    fill_normals(stream, first / group, block);
    counts.add(block);
  }
  return counts;
}

}  // namespace

void NormalCounts::add(std::span<const double> draws_of_block) {
  constexpr std::size_t lanes = 8;
  double sums[highest_moment][lanes] = {};
  for (std::size_t i = 0; i < draws_of_block.size(); i += lanes) {
    double power[lanes] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (auto& sum : sums) {
      for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += power[lane] *= draws_of_block[i + lane];
    }
  }
  for (std::size_t m = 0; m < highest_moment; ++m) {
    for (const double sum : sums[m]) power_sums[m] += sum;
  }
  for (const double z : draws_of_block) {
    if (std::fabs(z) <= tail_limits.front()) continue;
    for (std::size_t i = 0; i < tail_limits.size(); ++i) {
      above[i] += z > tail_limits[i];
      below[i] += z < -tail_limits[i];
    }
  }
  draws += draws_of_block.size();
}

void NormalCounts::merge(const NormalCounts& other) {
  draws += other.draws;
  for (std::size_t i = 0; i < tail_limits.size(); ++i) {
    above[i] += other.above[i];
    below[i] += other.below[i];
  }
  for (std::size_t m = 0; m < highest_moment; ++m) power_sums[m] += other.power_sums[m];
}

NormalCounts count_normals(std::uint64_t draws, std::uint64_t seed, unsigned threads) {
  const PointKey key = PointKey::derive(seed, 0);
  const std::uint64_t streams = (draws + stream_draws - 1) / stream_draws;
  std::atomic<std::uint64_t> next{0};
  std::vector<NormalCounts> counts(threads);
  std::vector<std::jthread> pool;
  for (NormalCounts& mine : counts) {
    pool.emplace_back([&] {
      NormalCounts sum;
      for (std::uint64_t number = next++; number < streams; number = next++)
        sum.merge(count_stream(key, number));
      mine = sum;
    });
  }
  pool.clear();  // joins
  NormalCounts all;
  for (const NormalCounts& mine : counts) all.merge(mine);
  return all;
}

}  // namespace varprop::benchmarks
