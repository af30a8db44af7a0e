// The O(n) part of the conditional engine: one pass over the neurons of one layer.
#pragma once

#include <cstdint>
#include <optional>

#include "core/random/stream.hpp"
#include "workers/activation/activate.hpp"
#include "workers/layer_sums.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

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

}  // namespace varprop
