// The O(n) part of the conditional engine: one pass over the neurons of one layer.
#pragma once

#include <cstdint>
#include <optional>

#include "core/activations/activation.hpp"
#include "core/random/stream.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// Sums over the n neurons of a layer, of ε (z = sε), α (a = τα), σ = φ'(z) and ξ (fresh normals): all that
/// the forward and the backward pass ever need to know of the layer. No vector outlives the pass.
struct LayerSums {
  double epsilon_epsilon;      ///< Σ ε²
  double alpha_alpha;          ///< Σ α²
  double alpha_xi;             ///< Σ α ξ
  double slope_xi_squared;     ///< Σ (σξ)²
  double slope2_xi_alpha;      ///< Σ σ² ξ α
  double slope_alpha_squared;  ///< Σ (σα)²
  double epsilon_slope_xi;     ///< Σ ε σ ξ
  double epsilon_slope_alpha;  ///< Σ ε σ α
};

/// What a pass runs over.
struct LayerPass {
  Activation activation;
  std::optional<Slopes>
      linear;    ///< in place of the activation: φ is two straight lines at this size of signal
  double scale;  ///< z = scale·ε, for the activation
  Stream epsilon;
  Stream xi;
  std::int64_t n;
  const StopFlag* stop =
      nullptr;  ///< looked at every few hundred neurons; once it is raised the sums are void
};

/// Runs the pass with the best instruction set of this machine; the sums are equal bits on all of them.
LayerSums sum_layer(const LayerPass& pass);

/// Sums with d = σ(ξ + βα) formed neuron by neuron, for the rare layers where |d|² from LayerSums cancels.
struct GradientSums {
  double d_squared;  ///< Σ (σ(ξ + βα))²
  double epsilon_d;  ///< Σ ε σ(ξ + βα)
};
GradientSums sum_gradient(const LayerPass& pass, double beta);

}  // namespace varprop
