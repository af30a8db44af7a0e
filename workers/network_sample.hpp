// What an engine measures of one random network.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/math/magnitude.hpp"

namespace varprop {

/// How alike two vectors are: their cosine, and its distance from 1, which stays exact where the cosine
/// rounds to 1.
struct Cosine {
  double value;        ///< c, from −1 to 1
  Magnitude distance;  ///< 1 − c
};

/// Of one network, element l − 1 is layer l, l = 1..L. The first three belong to the first input.
struct NetworkSample {
  std::vector<Magnitude> forward;          ///< q_l = |z^l|²/n
  std::vector<Magnitude> backward;         ///< g_l = |δ^l|²
  std::vector<Magnitude> weight_gradient;  ///< ω_l = |δ^l|²|a^{l−1}|²
  /// c_l and γ_l, cosines of z^l and of δ^l of the two inputs; nothing where either vector is zero, and
  /// untouched by engines of one input.
  std::vector<std::optional<Cosine>> correlation, gradient_correlation;

  explicit NetworkSample(std::size_t L)
      : forward(L), backward(L), weight_gradient(L), correlation(L), gradient_correlation(L) {}
};

}  // namespace varprop
