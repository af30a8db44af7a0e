// The O(n) part of the conditional engine: one pass over the neurons of one layer.
#pragma once

#include <cstdint>
#include <optional>

#include "core/random/stream.hpp"
#include "workers/kernels/activate.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// Sums over the n neurons of a layer, of ε (z = sε), α (a = τα), σ (φ'(z) = υσ) and ξ (fresh normals).
/// For orthogonal weights √n û, û the direction of Wa in z = Wa + b, is in the place of ε in the last two
/// products with ε.
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
  double xi_xi = 0;            ///< Σ ξ²; only orthogonal weights ask for it
};

/// Sums with d = σ(ξ + βα) formed neuron by neuron, for the rare layers where |d|² from LayerSums cancels.
struct GradientSums {
  double d_squared;             ///< Σ (σ(ξ + βα))²
  double epsilon_d;             ///< Σ ε σ(ξ + βα)
  double unsloped_squared = 0;  ///< Σ (ξ + βα)²; only orthogonal weights ask for it
};

/// ε of orthogonal weights, whose Wa is uniform on a sphere: ε = weight_share·υ + bias_share·b with
/// υ = direction_scale·ν = √n ν/|ν|, ν the pass's `epsilon` draws, b ~ N(0, I).
struct OrthogonalPreactivation {
  double direction_scale;  ///< √n/|ν|
  double weight_share;     ///< √ρ
  double bias_share;       ///< √(1 − ρ)
  Stream bias;
};

/// What a pass runs over; z = scale·ε.
struct LayerPass {
  ActivationPass activation;
  Stream epsilon;
  Stream xi;
  std::int64_t n;
  const StopFlag* stop =
      nullptr;  ///< looked at every few hundred neurons; once it is raised the sums are void
  std::optional<OrthogonalPreactivation> orthogonal = std::nullopt;  ///< nothing: `epsilon` draws ε itself
};

/// Runs the pass with the best instruction set of this machine; the sums are equal bits on all of them.
LayerSums sum_layer(const LayerPass& pass);

/// Sums with d = σ(ξ + βα) formed neuron by neuron.
GradientSums sum_gradient(const LayerPass& pass, double beta);

/// The units for a layer in its tail: the smallest decays of φ and φ' in it.
TailUnits find_tail_units(const LayerPass& pass);
/// Σ ν² of the first n normals of a stream. Void once `stop` is raised.
double sum_squares(const Stream& nu, std::int64_t n, const StopFlag* stop);

}  // namespace varprop::workers
