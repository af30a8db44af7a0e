// The O(n) part of the conditional engine: one pass over the neurons of one layer.
#pragma once

#include <cstdint>
#include <optional>

#include "core/activations/activation.hpp"
#include "core/random/stream.hpp"
#include "workers/layer_sums.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

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
  std::optional<TailUnits> tail = std::nullopt;  ///< in these units, where the whole layer is in its tail
};

/// Runs the pass with the best instruction set of this machine; the sums are equal bits on all of them.
LayerSums sum_layer(const LayerPass& pass);

/// Sums with d = σ(ξ + βα) formed neuron by neuron.
GradientSums sum_gradient(const LayerPass& pass, double beta);

/// The units for a layer in its tail: the smallest decays of φ and φ' in it.
TailUnits find_tail_units(const LayerPass& pass);

}  // namespace varprop
