// φ of tokens that are kept as the first and differences, and dropout's masks of them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "workers/kernels/activate.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/signal_range.hpp"
#include "workers/networks/panel.hpp"

namespace varprop::workers {

/// φ(z_t) of n neurons and T tokens at pre-activations of any size. Near tokens get the difference of their
/// values from the slope between them (workers/kernels/activate.hpp), so that it keeps its digits; where all
/// neurons of a token lie so deep in a tail of φ that doubles lose it, values and slopes are counted in units
/// of the largest.
class TokenActivation {
 public:
  TokenActivation(const Activation& activation, std::int64_t n, std::size_t T);

  /// z in first token and differences, columns of any norm; what it gives stands until the next call.
  void operator()(const Panel& z);

  /// φ(z): first token and differences.
  const Panel& values() const { return values_; }
  /// The same in a's place, whose room is taken for the next ones. Shape: a n × T.
  void take_values(Panel& a) { std::swap(a, values_); }
  /// φ'(z_t), token by token.
  const Panel& slopes() const { return slopes_; }
  /// φ(z_t), token by token.
  const Panel& tokens() const { return tokens_; }

 private:
  void first_token();
  void token(std::size_t t);
  void token_beside_first(std::size_t t, const PairSizes& sizes, const PairRange& range);
  void token_by_itself(std::size_t t);
  /// Of token t, whose pre-activation is s ζ.
  void evaluate(std::size_t t, const Magnitude& s, std::span<const double> zeta);
  /// Whether a token of the pair is lost in its tail.
  bool lost(const PairSizes& sizes, const PairArrays& at) const;

  Activation activation_;
  RangePlanner plan_range_;
  std::int64_t n_;
  Panel z_, values_, slopes_, tokens_;
  Panel own_;  ///< z_t
  std::vector<double> room_;
  Combination sum_;
};

/// Dropout's masks m_t/p, independent from token to token.
class TokenMask {
 public:
  TokenMask(double keep, std::int64_t n, std::size_t T)
      : keep_(keep), masks_(n, keep < 1 ? T : 0), room_(n, keep < 1 && T > 1 ? 2 : 0) {}

  bool drops() const { return keep_ < 1; }
  /// Draws the masks of a layer.
  void draw(const Stream& draws);
  /// X ← X ⊙ M: of first token and differences.
  void apply(Panel& X);
  /// The same token by token: of values and of gradients.
  void apply_to_tokens(Panel& X) const;

 private:
  double keep_;
  Panel masks_, room_;
  Combination sum_;
};

/// X ← X ⊙ Y, with sizes: one column, or all.
void multiply_column(Panel& X, const Panel& Y, std::size_t t);
void multiply_columns(Panel& X, const Panel& Y);

}  // namespace varprop::workers
