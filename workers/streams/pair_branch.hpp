// What an mlp layer adds to the streams of two inputs, told by a few numbers.
#pragma once

#include <array>
#include <vector>

#include "core/network/stream.hpp"
#include "workers/kernels/drawn_pair_layer.hpp"
#include "workers/network/random_network.hpp"
#include "workers/networks/branch.hpp"
#include "workers/two_inputs/cosine.hpp"
#include "workers/two_inputs/pair_engine.hpp"

namespace varprop::workers {

/// y₁ = F(x₁) and y₂ − y₁ in fresh normals ε₁, ε₂ ∈ Rⁿ: y₁ = s ε₁, y₂ − y₁ = s_w (along ε₁ + across ε₂).
struct PairImage {
  Magnitude s, s_w;
  double along, across;
};

/// Two gradients at y: D₁ and f = D₂ − D₁.
struct GradientsAtImage {
  Magnitude squared_first;  ///< |D₁|² > 0
  Magnitude share;          ///< |f|/|D₁|
  PairProjections to;       ///< of ε₁, ε₂ on either
};

/// (∂F/∂x)ᵀ of both, as first and difference: columns of size first, difference with
///     [e₁ e₂] (known + θ g gᵀ Ξ X) + Ξ' X,   X = [1, cosine; 0, sine],
/// e₁, e₂ the frame of x₁ and x₂ − x₁, Ξ and Ξ' fresh normals within it and beside it.
struct PairReturn {
  Magnitude first, difference;
  double cosine = 0, sine = 1;
  std::array<std::array<double, 2>, 2> known{};  ///< known[i][j]: along e_i, of the first or the difference
  std::array<std::array<double, 2>, 2> noise{};  ///< θ g gᵀ
};

/// W₂φ(W₁x + b₁) + b₂ of two inputs, hidden layer as in PairEngine: every difference at its own size.
class PairBranch {
 public:
  /// W₁ has the key.
  PairBranch(const StreamNetwork& network, const PointKey& key);

  /// x: x₁ and x₂ − x₁. Unless `both` are followed the second is the first.
  PairImage forward(const LayerOfNetwork& at, const DifferenceGeometry& x, bool both,
                    LayerMeasures& measures);
  PairReturn backward(const LayerOfNetwork& at, const GradientsAtImage& D, LayerMeasures& measures);

 private:
  struct Hidden {
    PairPassage in, out;  ///< through W₁ and W₂
    PairSizes sizes;      ///< of z
    PairRange range;
    PairSums sums;
    DifferenceGeometry basis;  ///< of α and Δ
  };

  PairPassage passage(const Magnitude& k, const DifferenceGeometry& signal) const;
  PairRange plan(const PairSizes& sizes) const;
  PairPass pass(const LayerOfNetwork& at, const Hidden& hidden) const;
  void sum(const LayerOfNetwork& at, Hidden& hidden) const;
  void redo_in_tail(const LayerOfNetwork& at, Hidden& hidden, bool both) const;
  DifferenceGeometry leave(Hidden& hidden, bool both) const;
  PairReturn returned(const Hidden& hidden, const PairGradientSums& sums, const Magnitude& squared_gain,
                      const Magnitude& unit) const;
  Hidden& hidden_of(const LayerOfNetwork& at) { return hidden_[static_cast<std::size_t>(at.l) - 1]; }

  Magnitude k_in_, k_out_;
  RandomNetwork network_;
  std::vector<Hidden> hidden_;  ///< element l − 1
};

}  // namespace varprop::workers
