// Tail counts and power sums of very many normals.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace varprop::benchmarks {

/// Standard deviations beyond which draws are counted.
inline constexpr std::array<double, 3> tail_limits{4, 5, 6};
/// Moments 1 … 8 are measured.
inline constexpr std::size_t highest_moment = 8;

/// What is kept of draws that are not: mergeable.
struct NormalCounts {
  std::uint64_t draws = 0;
  std::array<std::uint64_t, tail_limits.size()> above{};  ///< z > limit
  std::array<std::uint64_t, tail_limits.size()> below{};  ///< z < −limit
  std::array<long double, highest_moment> power_sums{};   ///< element m − 1 is Σ z^m

  void add(std::span<const double> draws_of_block);  ///< a multiple of 8 of them
  void merge(const NormalCounts& other);
};

/// Counts `draws` normals (rounded up to whole streams of 2²² draws each) under a seed, on `threads` threads;
/// the counts do not depend on the number of threads.
NormalCounts count_normals(std::uint64_t draws, std::uint64_t seed, unsigned threads);

}  // namespace varprop::benchmarks
