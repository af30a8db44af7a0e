// The O(n) part of a gated unit h = φ(z) ⊙ t m/p without its matrices: passes over its hidden neurons.
#pragma once

#include <optional>

#include "workers/kernels/drawn_layer.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// Gates z = sε, in the pass's activation, and values t ∝ ε̃.
struct GatedPass {
  LayerPass gate;
  Stream value;                     ///< ε̃
  std::optional<DropoutMask> mask;  ///< m/p; nothing: 1
};

/// Sums over the neurons with α = φ(z) ε̃ m/p. What goes back to a gate has the slope φ'(z) ε̃ m/p, and to a
/// value φ(z) m/p: the LayerSums of either with that in the place of σ, and ε̃ in that of ε for values.
struct GatedSums {
  LayerSums gate, value;
  double values;         ///< Σ φ(z)²
  double slope_squared;  ///< Σ φ'(z)²
};
GatedSums sum_gated_layer(const GatedPass& pass);

/// With σ(ξ + βα) formed neuron by neuron.
struct GatedGradientSums {
  GradientSums gate, value;
};
GatedGradientSums sum_gated_gradient(const GatedPass& pass, double beta);

}  // namespace varprop::workers
