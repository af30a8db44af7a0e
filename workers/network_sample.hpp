// What an engine measures of one random network.
#pragma once

#include <cstddef>
#include <vector>

#include "core/math/magnitude.hpp"

namespace varprop {

/// q_l, g_l and ω_l of one network; element l − 1 is layer l, l = 1..L.
struct NetworkSample {
  std::vector<Magnitude> forward;          ///< q_l = |z^l|²/n
  std::vector<Magnitude> backward;         ///< g_l = |δ^l|²
  std::vector<Magnitude> weight_gradient;  ///< ω_l = |δ^l|²|a^{l−1}|²

  explicit NetworkSample(std::size_t L) : forward(L), backward(L), weight_gradient(L) {}
};

}  // namespace varprop
