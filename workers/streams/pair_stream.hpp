// The residual streams of two inputs without their vectors: Gram matrices of x₁ and x₂ − x₁, and of their
// gradients, each at its own size.
//
// As one stream's directions are a reversible walk on the sphere, so are the planes that two span: with F the
// orthonormal frame of x₁ and x₂ − x₁ before a block, and [F' U'] = [F Q] O after it (Q what fresh normals
// have beside F), the way back sees [F Q] = [F' U'] Oᵀ with U' uniform among the frames beside F', whatever
// came after. A gradient's part beside F' is V r with V an orthonormal frame; U'ᵀV is a corner of a Haar
// matrix. Q has two columns, fewer where the walk's dimension leaves no more.
//
// A norm that takes means away knows one more direction, 1̂: the walk is in the n − 1 dimensions beside it,
// and what is along it stands by itself, last among the coordinates.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "workers/streams/pair_branch.hpp"
#include "workers/streams/pair_frame.hpp"
#include "workers/streams/pair_norm.hpp"

namespace varprop::workers {

/// One block's worth of both streams, with its norm, skip and β.
class PairStream {
 public:
  /// The stream's own draws have the last key.
  PairStream(const StreamNetwork& network, const PointKey& branch_key, const PointKey& value_key,
             const PointKey& key);

  /// x becomes x'. Unless `both` are followed the second is the first.
  void forward(const LayerOfNetwork& at, PairSignal& x, bool both, LayerMeasures& measures);
  /// D at x' becomes that at x; returns ∂ℓ/∂β of the first input. After forward() of that layer.
  SignedMagnitude backward(const LayerOfNetwork& at, PairGradient& D, LayerMeasures& measures);

 private:
  static constexpr std::size_t rows = PairGradient::rows, mean = PairGradient::mean;
  static constexpr std::size_t turned_rows = 7;  ///< along F, Q, two beside them, and 1̂
  struct Step {
    Magnitude s;               ///< y₁ = sε₁
    TwoColumns<rows> epsilon;  ///< ε₁, ε₂ in [F' U' 1̂]
    Basis<4> turn;             ///< O: columns are f₁', f₂', u₁', u₂' in [F Q]
    PairNorm norm;             ///< before the branch, or behind it
    Basis<3> read;             ///< the frame of what the branch reads, in [F 1̂]
  };

  TwoColumns<rows> draw_epsilon(const LayerOfNetwork& at) const;
  /// A gradient along the frames behind a block, and before it.
  struct Turned {
    TwoColumns<rows> behind;         ///< in [F' U' 1̂]
    TwoColumns<turned_rows> before;  ///< in [F Q, two beside, 1̂]
  };

  void take_step(const LayerOfNetwork& at, Step& step, const PairImage& y, PairSignal& x) const;
  void turn_epsilon(Step& step, const PairSignal& x) const;
  Turned turned(const LayerOfNetwork& at, const Step& step, const PairGradient& D) const;
  TwoColumns<turned_rows> from_branch(const LayerOfNetwork& at, const Step& step,
                                      const PairReturn& back) const;
  PairGradient add_branch(const LayerOfNetwork& at, const Step& step, const PairGradient& D,
                          const TwoColumns<turned_rows>& old, const PairReturn& back) const;
  double normal(const LayerOfNetwork& at, std::uint64_t number) const;
  TwoColumns<2> normals(const LayerOfNetwork& at, std::uint64_t number, std::size_t count) const;
  /// The upper root of Wishart_2 of so many degrees; columns.
  TwoColumns<2> wishart_root(const LayerOfNetwork& at, std::uint64_t slot, std::uint64_t number,
                             std::int64_t degrees) const;

  std::int64_t dimension_;  ///< of the walk: n, or n − 1
  std::size_t beside_;      ///< columns of Q: 2, or what there is
  Magnitude root_n_, alpha_, beta_;
  bool centred_, before_, behind_;
  PairBranch branch_;
  PointKey key_;
  std::vector<Step> steps_;  ///< element l − 1
};

}  // namespace varprop::workers
