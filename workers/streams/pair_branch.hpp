// What a layer of hidden neurons adds to the streams of two inputs, told by a few numbers.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/network/stream.hpp"
#include "workers/kernels/drawn_pair_layer.hpp"
#include "workers/network/random_network.hpp"
#include "workers/networks/branch.hpp"
#include "workers/two_inputs/cosine.hpp"
#include "workers/two_inputs/pair_engine.hpp"

namespace varprop::workers {

/// y₁ = F(u₁) and y₂ − y₁ in fresh normals ε₁, ε₂ ∈ Rⁿ: y₁ = s ε₁, y₂ − y₁ = s_w (along ε₁ + across ε₂).
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

/// (∂F/∂u)ᵀ of both, as first and difference: columns of size first, difference with
///     [e₁ e₂] (known + θ g gᵀ Ξ X) + Ξ' X,   X = [1, cosine; 0, sine],
/// e₁, e₂ the frame of u₁ and u₂ − u₁, Ξ and Ξ' fresh normals within it and beside it.
struct PairReturn {
  Magnitude first, difference;
  double cosine = 0, sine = 1;
  std::array<std::array<double, 2>, 2> known{};  ///< known[i][j]: along e_i, of the first or the difference
  std::array<std::array<double, 2>, 2> noise{};  ///< θ g gᵀ
};

/// W₂(φ(W₁u + b₁) m/p) + b₂, or W₃(φ(W₁u) ⊙ W₂u m/p), of two inputs whose masks know nothing of each other;
/// hidden layer as in PairEngine: every difference at its own size.
class PairBranch {
 public:
  /// W₁ has the first key, and a gate's values the second.
  PairBranch(const StreamNetwork& network, const PointKey& key, const PointKey& value_key);

  /// u: u₁ and u₂ − u₁. Unless `both` are followed the second is the first.
  PairImage forward(const LayerOfNetwork& at, const DifferenceGeometry& u, bool both,
                    LayerMeasures& measures);
  PairReturn backward(const LayerOfNetwork& at, const GradientsAtImage& D, LayerMeasures& measures);

 private:
  struct Hidden {
    PairPassage in, out;  ///< through W₁ (and what makes values), and through W₂ or W₃
    PairSizes sizes;      ///< of z
    Magnitude value_size = Magnitude::from(1);  ///< of a gate's values
    PairRange range;                            ///< how φ sees z
    PairSums sums;
    DifferenceGeometry basis;  ///< of α and Δ
  };
  /// What one matrix that reads u gives back: √k [δ₁, δ₂ − δ₁], with ε₁ and ε₂ of what it made of u.
  struct Reader {
    Magnitude unit, difference_unit;
    double ff, fd, dd;
    std::array<double, 2> epsilon_first, epsilon_difference;

    Reader operator+(const Reader& other) const;
  };

  bool gated() const { return !k_value_.zero(); }
  PairPassage passage(const Magnitude& k, const DifferenceGeometry& signal) const;
  PairRange plan(const PairSizes& sizes) const;
  std::optional<PairHidden> hidden_part(const LayerOfNetwork& at, const Hidden& hidden, bool to_values) const;
  std::array<Magnitude, 2> slope_units(const Hidden& hidden, bool to_values) const;
  PairPass pass(const LayerOfNetwork& at, const Hidden& hidden, const PairHidden* part) const;
  void sum(const LayerOfNetwork& at, Hidden& hidden) const;
  void redo_in_tail(const LayerOfNetwork& at, Hidden& hidden, bool both) const;
  DifferenceGeometry leave(Hidden& hidden, bool both) const;
  Reader read_back(const LayerOfNetwork& at, const Hidden& hidden, GradientMixture mixture,
                   const GradientsAtImage& D, bool to_values) const;
  PairReturn returned(const Hidden& hidden, const Reader& sum) const;
  Hidden& hidden_of(const LayerOfNetwork& at) { return hidden_[static_cast<std::size_t>(at.l) - 1]; }

  Magnitude k_in_, k_value_, k_out_;  ///< of W₁; of what makes a gate's values, 0 without; of the last
  bool may_vanish_;                   ///< whether a norm may leave nothing of a gradient but rounding
  RandomNetwork network_;
  PointKey value_key_;
  std::vector<Hidden> hidden_;  ///< element l − 1
};

}  // namespace varprop::workers
