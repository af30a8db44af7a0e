// Philox draws, many at a time. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_RANDOM_DRAWS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_RANDOM_DRAWS_INL_HPP_
#undef VARPROP_CORE_RANDOM_DRAWS_INL_HPP_
#else
#define VARPROP_CORE_RANDOM_DRAWS_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/random/stream.hpp"

#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Draws are made in groups of 16 (8 blocks of Philox), whatever the width of a vector.
inline constexpr std::size_t draws_per_group = 16;
inline constexpr std::size_t blocks_per_group = draws_per_group / 2;

/// The keys of all rounds, and the first two rounds as far as they are equal in all blocks of a stream that
/// agree in counter word 1: there only word 0 differs, and a third of the work falls away.
///
/// With (v, A, B, C) the counter, round 0 gives (a₀, a₁, hi(m₀v) ⊕ C ⊕ k₁, lo(m₀v)), a₀ and a₁ of B alone;
/// round 1 with (x, y) for its last two words gives (hi(m₁x) ⊕ word_0, lo(m₁x), y ⊕ word_2, word_3).
struct PhiloxSchedule {
  std::uint64_t key_0[Philox::rounds], key_1[Philox::rounds];
  std::uint64_t first_2;                 ///< C ⊕ k₁ of round 0
  std::uint64_t word_0, word_2, word_3;  ///< of round 1, as above

  HWY_INLINE PhiloxSchedule(Philox::Key key, Philox::Counter counter) {
    for (int round = 0; round < Philox::rounds; ++round) {
      key_0[round] = key[0];
      key_1[round] = key[1];
      key = {key[0] + Philox::key_step[0], key[1] + Philox::key_step[1]};
    }
    const std::uint64_t p1 = std::uint64_t{Philox::multiplier_1} * counter[2];
    const std::uint64_t a_0 = p1 >> 32 ^ counter[1] ^ key_0[0];
    const std::uint64_t a_1 = p1 & 0xFFFFFFFFu;
    const std::uint64_t p0 = Philox::multiplier_0 * a_0;
    first_2 = counter[3] ^ key_1[0];
    word_0 = a_1 ^ key_0[1];
    word_2 = p0 >> 32 ^ key_1[1];
    word_3 = p0 & 0xFFFFFFFFu;
  }
};

/// The state of several Philox blocks, one a 64-bit lane, each word in the low half of its lane; the high
/// halves hold anything.
template <class DU>
struct PhiloxLanes {
  using V = hn::Vec<DU>;
  V c0, c1, c2, c3;

  /// Rounds 0 and 1 for blocks that differ in counter word 0.
  HWY_INLINE void start(DU du, const PhiloxSchedule& s, V counter_0) {
    const V p0 = multiply<Philox::multiplier_0>(du, counter_0);
    const V p1 = multiply<Philox::multiplier_1>(du, hn::ShiftRight<32>(p0) ^ hn::Set(du, s.first_2));
    c0 = hn::ShiftRight<32>(p1) ^ hn::Set(du, s.word_0);
    c1 = p1;
    c2 = p0 ^ hn::Set(du, s.word_2);
    c3 = hn::Set(du, s.word_3);
  }

  HWY_INLINE void round(DU du, std::uint64_t key_0, std::uint64_t key_1) {
    const V p0 = multiply<Philox::multiplier_0>(du, c0);
    const V p1 = multiply<Philox::multiplier_1>(du, c2);
    c0 = hn::Xor3(hn::ShiftRight<32>(p1), c1, hn::Set(du, key_0));
    c1 = p1;
    c2 = hn::Xor3(hn::ShiftRight<32>(p0), c3, hn::Set(du, key_1));
    c3 = p0;
  }

  /// The even and the odd draws of the blocks.
  HWY_INLINE V even_draws(DU du) const { return joined(du, c0, c1); }
  HWY_INLINE V odd_draws(DU du) const { return joined(du, c2, c3); }

 private:
  template <std::uint32_t multiplier>
  static HWY_INLINE V multiply(DU du, V x) {
    const hn::Repartition<std::uint32_t, DU> d32;
    return hn::MulEven(hn::BitCast(d32, x), hn::BitCast(d32, hn::Set(du, multiplier)));
  }
  static HWY_INLINE V joined(DU du, V low, V high) {
    const hn::Repartition<std::uint32_t, DU> d32;
    return hn::BitCast(du, hn::OddEven(hn::BitCast(d32, hn::ShiftLeft<32>(high)), hn::BitCast(d32, low)));
  }
};

/// The draws of `vectors` vectors of blocks, in their order; counter word 0 of the first is `first_block`.
///
/// Interleaving two vectors of halves keeps to 128-bit pairs of lanes, so the lanes start with the blocks
/// 0, N/2, 1, N/2 + 1, …: then the lower interleave holds the first N draws and the upper one the next N.
/// Several vectors side by side, since each round waits for the one before.
template <std::size_t vectors, class DU>
HWY_INLINE void draw_vectors(DU du, const PhiloxSchedule& schedule, std::uint64_t first_block,
                             std::uint64_t* HWY_RESTRICT out) {
  constexpr std::size_t N = hn::MaxLanes(du);
  const auto lane = hn::Iota(du, 0);
  const auto offset = hn::ShiftRight<1>(lane) + (lane & hn::Set(du, 1)) * hn::Set(du, N / 2);
  PhiloxLanes<DU> lanes[vectors];
  for (std::size_t v = 0; v < vectors; ++v) {
    lanes[v].start(du, schedule, hn::Set(du, first_block + v * N) + offset);
  }
  for (int round = 2; round < Philox::rounds; ++round) {
    for (auto& l : lanes) l.round(du, schedule.key_0[round], schedule.key_1[round]);
  }
  for (std::size_t v = 0; v < vectors; ++v) {
    const auto even = lanes[v].even_draws(du);
    const auto odd = lanes[v].odd_draws(du);
    hn::Store(hn::InterleaveLower(du, even, odd), du, out + 2 * N * v);
    hn::Store(hn::InterleaveUpper(du, even, odd), du, out + 2 * N * v + N);
  }
}

/// Groups of blocks that agree in counter word 1.
HWY_INLINE void fill_run(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                         std::uint64_t* HWY_RESTRICT out) {
  const hn::CappedTag<std::uint64_t, 8> du;
  constexpr std::size_t group_vectors = blocks_per_group / hn::MaxLanes(du);
  constexpr std::size_t groups_at_once = 4;
  const auto counter = stream.counter(first_group * blocks_per_group);
  const PhiloxSchedule schedule(stream.key(), counter);
  std::size_t g = 0;
  for (; g + groups_at_once <= groups; g += groups_at_once) {
    draw_vectors<groups_at_once * group_vectors>(du, schedule, counter[0] + g * blocks_per_group,
                                                 out + g * draws_per_group);
  }
  for (; g < groups; ++g) {
    draw_vectors<group_vectors>(du, schedule, counter[0] + g * blocks_per_group, out + g * draws_per_group);
  }
}

/// Draws first_group·16 … first_group·16 + 16·groups − 1 of a stream. `out` is aligned to a vector.
HWY_INLINE void fill_draws(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                           std::uint64_t* HWY_RESTRICT out) {
  constexpr std::uint64_t run = (std::uint64_t{1} << 32) / blocks_per_group;
  while (groups > 0) {
    const auto now = static_cast<std::size_t>(HWY_MIN(groups, run - first_group % run));
    fill_run(stream, first_group, now, out);
    first_group += now;
    groups -= now;
    out += now * draws_per_group;
  }
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
