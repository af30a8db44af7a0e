// Philox4x32-10: a counter-based random number generator.
//
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. A block of 128 random bits
// is a pure function of a 128-bit counter and a 64-bit key, so any block can be made anywhere, in any order,
// at no cost.
#pragma once

#include <array>
#include <cstdint>

namespace varprop {

struct Philox {
  using Counter = std::array<std::uint32_t, 4>;
  using Key = std::array<std::uint32_t, 2>;

  static constexpr int rounds = 10;
  static constexpr std::uint32_t multiplier_0 = 0xD2511F53u;
  static constexpr std::uint32_t multiplier_1 = 0xCD9E8D57u;
  static constexpr Key key_step{0x9E3779B9u, 0xBB67AE85u};

  /// The block of random bits at a counter, under a key.
  static constexpr Counter block(Counter c, Key k) {
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t p0 = std::uint64_t{multiplier_0} * c[0];
      const std::uint64_t p1 = std::uint64_t{multiplier_1} * c[2];
      c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
           static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
      k = {k[0] + key_step[0], k[1] + key_step[1]};
    }
    return c;
  }
};

}  // namespace varprop
