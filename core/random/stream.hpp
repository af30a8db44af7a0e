// Streams of random draws. A draw is a pure function of (seed, point, replica, layer, purpose, draw number)
// and of nothing else: not of the grid around the point, nor of ranks, threads, order, resumption or vector
// width. And what uniform numbers are made of a draw's bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace varprop {

/// Philox4x32-10: a counter-based random number generator.
///
/// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. A block of 128 random
/// bits is a pure function of a 128-bit counter and a 64-bit key, so any block can be made anywhere, in any
/// order, at no cost.
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

/// What a draw is for. Draws of different purposes never share bits. Four bits: at most 16 purposes.
enum class Purpose : std::uint8_t {
  /// Conditional engine: ε^l, the direction of z^l (orthogonal weights: of W^l a^{l−1}). A matrix that is
  /// never drawn: its images of new directions.
  preactivation = 0,
  /// Conditional engine: ξ, what (W^{l+1})ᵀδ does not know from the forward pass. A matrix that is never
  /// drawn: its transpose's images of new directions.
  transpose = 1,
  output = 2,  ///< v, the gradient at the output
  input = 3,   ///< x
  /// Dense engine: W_ij. gaussian, truncated_normal, orthogonal (before it is made orthonormal): one draw a
  /// weight, number row·n + column. uniform: 32 bits a weight, the low half of draw d is weight 2d = row·n +
  /// column, the high half 2d + 1. rademacher: one bit a weight, bit (column mod 64) of draw
  /// row·⌈n/64⌉ + ⌊column/64⌋, 1 for −1.
  weight = 4,
  bias = 5,              ///< dense engine, and conditional with orthogonal weights: b_i
  radial_count = 6,      ///< radial engine: how many of ε are positive
  radial_norm = 7,       ///< radial engine: norms of the parts of ε and of the rests of ξ
  radial_component = 8,  ///< radial engine: ξ along the parts of ε
  /// Dropout: the neuron of draw i stays where the draw's upper 53 bits are below p 2⁵³. Radial engine: how
  /// many of each sign stay.
  mask = 9,
  /// A stream in axes that are taken up as vectors come: how those of a layer's input lie beside those of its
  /// output.
  rotation = 12,
  second_preactivation = 13,  ///< two inputs: the part of the second z^l that the first does not know
  second_transpose = 14,  ///< two inputs: the part of the second (W^{l+1})ᵀδ that the first does not know
  second_input = 15,      ///< two inputs: the direction of the second x beside the first
};

/// The random numbers of one point: derived from the seed and the hash h of the point's canonical text. A
/// layer of several matrices has one key a matrix, p = 0, 1, …, with the biases and masks that belong to it.
struct PointKey {
  Philox::Key key;
  std::uint32_t t;

  static constexpr PointKey derive(std::uint64_t seed, std::uint64_t h, std::uint32_t matrix = 0) {
    constexpr std::uint32_t tag = 0x76617270u;  // "varp"
    const auto b =
        Philox::block({static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(h >> 32), tag, matrix},
                      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    return {{b[0], b[1]}, b[2]};
  }
};

/// What the keys of a point are derived from.
struct PointSeed {
  std::uint64_t seed;
  std::uint64_t h;  ///< hash of the point's canonical text

  constexpr PointKey key(std::uint32_t matrix = 0) const { return PointKey::derive(seed, h, matrix); }
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

/// U in (0, 1): (k + ½)/2⁵³ for the upper 53 bits k of the draw; never 0, never 1.
inline double uniform_from_bits(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

/// A uniform number of mean 0 and variance 1 from 32 random bits.
struct CentredUniform {
  static constexpr double unit = 8.0654900873493275e-10;  ///< 2⁻³¹ √3: the values end at ±√3
};

/// (k + ½) 2⁻³¹ √3, k the bits as a signed number; k + ½ is exact.
inline double centred_uniform_from_bits(std::uint32_t bits) {
  return (static_cast<double>(static_cast<std::int32_t>(bits)) + 0.5) * CentredUniform::unit;
}

}  // namespace varprop
