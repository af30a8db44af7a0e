// φ of two signals, over arrays of neurons.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/activations/activation.hpp"
#include "workers/pair/pair_range.hpp"

namespace varprop {

/// What both signals do at every neuron (symbols as in PairRange). Shapes: [padded(n)], zero beyond n.
struct PairArrays {
  explicit PairArrays(std::size_t size)
      : alpha(size), second_alpha(size), difference(size), slope(size), second_slope(size), bend(size) {}

  std::vector<double> alpha;         ///< α = φ(z₁)/τ
  std::vector<double> second_alpha;  ///< φ(z₂)/τ
  std::vector<double> difference;    ///< (a₂ − a₁)/s_w
  std::vector<double> slope;         ///< φ'(z₁)
  std::vector<double> second_slope;  ///< φ'(z₂)
  std::vector<double> bend;          ///< (φ'(z₂) − φ'(z₁))/bending
};

/// For z₁ = sζ and z₂ = z₁ + s_w ω. Shapes: ζ, ω [padded(n)].
void activate_pair(const Activation& activation, const PairRange& range, std::int64_t n,
                   std::span<const double> zeta, std::span<const double> omega, PairArrays& out);

}  // namespace varprop
