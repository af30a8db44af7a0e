// The residual streams of two inputs without their vectors: Gram matrices of x₁ and x₂ − x₁, and of their
// gradients, each at its own size.
//
// As one stream's directions are a reversible walk on the sphere, so are the planes that two span: with F the
// orthonormal frame of x₁ and x₂ − x₁ before a block, and [F' U'] = [F Q] O after it (Q what fresh normals
// have beside F), the way back sees [F Q] = [F' U'] Oᵀ with U' uniform among the 2-frames beside F', whatever
// came after. A gradient's part beside F' is V r with V an orthonormal frame; U'ᵀV is a corner of a Haar
// matrix.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "workers/streams/pair_branch.hpp"

namespace varprop::workers {

/// Two columns of coordinates.
template <std::size_t rows>
using TwoColumns = std::array<std::array<double, rows>, 2>;

/// D₁ and e = D₂ |D₁|/|D₂| − D₁ (the way back is linear: the length of D₂ means nothing to the cosine),
/// columns of norm 1 beside their sizes, in coordinates along the signals' frame F and along a frame V beside
/// it.
struct PairStreamGradient {
  Magnitude first, difference;
  TwoColumns<4> columns{};
  bool second_alive = true;

  DifferenceGeometry geometry() const;
};

/// One block's worth of both streams.
class PairStream {
 public:
  PairStream(const StreamNetwork& network, const PointKey& branch_key, const PointKey& key);

  /// x becomes x', as x₁ and x₂ − x₁.
  void forward(const LayerOfNetwork& at, DifferenceGeometry& x, bool both, LayerMeasures& measures);
  /// D at x' becomes that at x; returns ∂ℓ/∂β of the first input. After forward() of that layer.
  SignedMagnitude backward(const LayerOfNetwork& at, PairStreamGradient& D, LayerMeasures& measures);

 private:
  struct Step {
    Magnitude s;                                ///< y₁ = sε₁
    TwoColumns<4> epsilon;                      ///< ε₁, ε₂ in [F Q]
    std::array<std::array<double, 4>, 4> turn;  ///< O: columns are f₁', f₂', u₁', u₂' in [F Q]
  };

  TwoColumns<4> draw_epsilon(const LayerOfNetwork& at) const;
  TwoColumns<6> turned(const LayerOfNetwork& at, const Step& step, const PairStreamGradient& D) const;
  PairStreamGradient add_branch(const LayerOfNetwork& at, const PairStreamGradient& D,
                                const TwoColumns<6>& old, const PairReturn& back) const;
  double normal(const LayerOfNetwork& at, std::uint64_t number) const;
  /// The upper root of Wishart_2 of so many degrees; columns.
  TwoColumns<2> wishart_root(const LayerOfNetwork& at, std::uint64_t slot, std::uint64_t number,
                             std::int64_t degrees) const;

  std::int64_t n_;
  Magnitude alpha_, beta_;
  PairBranch branch_;
  PointKey key_;
  std::vector<Step> steps_;  ///< element l − 1
};

}  // namespace varprop::workers
