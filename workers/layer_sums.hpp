// All that the forward and the backward pass of a Gaussian network ever need to know of a layer.
#pragma once

#include <cstdint>

#include "core/math/magnitude.hpp"
#include "workers/signal_range.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// Which layer of which network: its draws, and how φ sees its pre-activations.
struct LayerOfReplica {
  std::uint32_t replica;
  std::int32_t l;  ///< from 1 to L; at L there is no activation, and ξ is the output gradient's direction
  const SignalRange& range;
  const StopFlag* stop = nullptr;  ///< looked at every few hundred neurons; once raised the sums are void
};

/// Sums over the n neurons of a layer, of ε (z = sε), α (a = τα), σ (φ'(z) = υσ) and ξ (fresh normals).
/// How they are made is the engine's matter: neuron by neuron (conditional) or from counts and norms
/// (radial).
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

/// Sums with d = σ(ξ + βα) formed neuron by neuron, for the rare layers where |d|² from LayerSums cancels.
struct GradientSums {
  double d_squared;  ///< Σ (σ(ξ + βα))²
  double epsilon_d;  ///< Σ ε σ(ξ + βα)
};

}  // namespace varprop
