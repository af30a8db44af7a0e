// N(x_t) = √n x_t/|x_t| of tokens that are kept as the first and differences, of x or of x less its mean, and
// its Jacobian J = (√n/|x|)(1 − x̂x̂ᵀ). Gains 1, shifts 0, no ε; N(0) = 0 with Jacobian 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/network/axes.hpp"
#include "workers/networks/panel.hpp"
#include "workers/networks/space.hpp"

namespace varprop::workers {

class TokenNorm {
 public:
  /// Of the kind of `norm`, which is not none, wherever that stands, of a stream that is written down so.
  TokenNorm(Norm norm, const StreamAxes& axes, std::size_t T);
  TokenNorm(Norm norm, std::int64_t n, std::size_t T) : TokenNorm(norm, StreamAxes{.n = n, .rows = n}, T) {}

  /// X ← N(X), columns of norm 1 before and after (a zero column of size 0), and remembers what the Jacobian
  /// needs.
  void apply(Panel& X);
  /// N(X) of the last apply.
  const Panel& normalized() const { return unit_; }
  /// √n/|x_t| of the last apply, 0 where x_t is.
  const Magnitude& slope(std::size_t t) const { return slope_[t]; }
  /// Whether a token of the last apply was 0.
  bool any_zero() const {
    return std::ranges::any_of(slope_, [](const Magnitude& slope) { return slope.zero(); });
  }
  /// D ← J_tᵀ D_t of every token, D the gradient at N(X), in its coordinates.
  void apply_transposed_jacobian(Panel& D);

 private:
  void normalize_difference(Panel& X, std::size_t t);
  double take_away_along_first(const Panel& X, std::size_t t);
  const double* direction_of(std::size_t t);
  void project(Panel& D, std::size_t t);
  void centre(Panel& X, std::size_t t) const;
  void take_mean_away(double* x) const;

  bool centres_, folded_;
  std::size_t rows_;
  Magnitude root_n_;
  Panel unit_;                    ///< N(X)
  std::vector<Magnitude> slope_;  ///< √n/|x_t|
  Panel token_;                   ///< x̂_t
  Panel difference_;
  Combination sum_;
  TokenCoordinates coordinates_;
};

}  // namespace varprop::workers
