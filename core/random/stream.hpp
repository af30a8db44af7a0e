// Streams of random draws. A draw is a pure function of (seed, point, replica, layer, purpose, draw number)
// and of nothing else: not of the grid around the point, nor of ranks, threads, order, resumption or vector
// width.
#pragma once

#include <cstdint>

#include "core/random/philox.hpp"

namespace varprop {

/// What a draw is for. Draws of different purposes never share bits. Four bits: at most 16 purposes.
enum class Purpose : std::uint8_t {
  preactivation = 0,  ///< conditional engine: ε^l, the direction of z^l (orthogonal weights: of W^l a^{l−1})
  transpose = 1,      ///< conditional engine: ξ, what (W^{l+1})ᵀδ does not know from the forward pass
  output = 2,         ///< v, the gradient at the output
  input = 3,          ///< x
  /// Dense engine: W_ij. gaussian, truncated_normal, orthogonal (before it is made orthonormal): one draw a
  /// weight, number row·n + column. uniform: 32 bits a weight, the low half of draw d is weight 2d = row·n +
  /// column, the high half 2d + 1. rademacher: one bit a weight, bit (column mod 64) of draw
  /// row·⌈n/64⌉ + ⌊column/64⌋, 1 for −1.
  weight = 4,
  bias = 5,                   ///< dense engine, and conditional with orthogonal weights: b_i
  radial_count = 6,           ///< radial engine: how many of ε are positive
  radial_norm = 7,            ///< radial engine: norms of the parts of ε and of the rests of ξ
  radial_component = 8,       ///< radial engine: ξ along the parts of ε
  second_preactivation = 13,  ///< two inputs: the part of the second z^l that the first does not know
  second_transpose = 14,  ///< two inputs: the part of the second (W^{l+1})ᵀδ that the first does not know
  second_input = 15,      ///< two inputs: the direction of the second x beside the first
};

/// The random numbers of one point: derived from the seed and the hash h of the point's canonical text.
struct PointKey {
  Philox::Key key;
  std::uint32_t t;

  static constexpr PointKey derive(std::uint64_t seed, std::uint64_t h) {
    constexpr std::uint32_t tag = 0x76617270u;  // "varp"
    const auto b = Philox::block({static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(h >> 32), tag, 0},
                                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    return {{b[0], b[1]}, b[2]};
  }
};

/// One sequence of 64-bit draws; draw d is half d mod 2 of block ⌊d/2⌋. At most 2⁴⁰ blocks.
class Stream {
 public:
  /// `replica` counts through all batches of the point, from 0; `layer` < 2²⁰.
  constexpr Stream(const PointKey& point, std::uint32_t replica, std::uint32_t layer, Purpose purpose)
      : key_(point.key),
        t_(point.t),
        replica_(replica),
        word1_(layer << 8 | static_cast<std::uint32_t>(purpose) << 28) {}

  constexpr Philox::Counter counter(std::uint64_t block) const {
    return {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32) | word1_, replica_,
            t_};
  }
  constexpr Philox::Key key() const { return key_; }

  /// Draw number d: 64 random bits.
  constexpr std::uint64_t draw(std::uint64_t d) const {
    const auto b = Philox::block(counter(d / 2), key_);
    const std::size_t half = 2 * (d % 2);
    return b[half] | std::uint64_t{b[half + 1]} << 32;
  }

 private:
  Philox::Key key_;
  std::uint32_t t_;
  std::uint32_t replica_;
  std::uint32_t word1_;
};

}  // namespace varprop
