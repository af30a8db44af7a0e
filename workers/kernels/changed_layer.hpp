// The O(n) part of the conditional engine where a hidden layer has a norm or dropout: passes over its
// neurons.
#pragma once

#include <optional>

#include "workers/kernels/drawn_layer.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// What a pass runs over. With m_i/p the mask (1 without dropout), the signal that goes on is
///     ã = φ(N(z)) m/p   or   ã = N(φ(z)) m/p.
struct ChangedPass {
  LayerPass layer;
  Norm norm;
  std::optional<DropoutMask> mask;
};

/// N(x) = scale (x − shift), of x = ε before φ and of x = α, in the units of the pass, behind it; without a
/// norm N(x) = x.
struct NormScale {
  double shift = 0, scale = 1;
  double mean_square = 1;  ///< of x − shift; where it is 0, N(x) = 0
};

/// What r times the norm's Jacobian takes off a vector v: v − mean − along N(x), both sums over n of v and of
/// v N(x), divided by n; `mean` is 0 where the norm takes no mean away.
struct NormProjection {
  double mean = 0, along = 0;
};

/// Both passes over a layer's ξ and ã.
struct NormState {
  NormScale scale;
  NormProjection of_xi, of_alpha;  ///< of the vectors that are projected; known ahead behind φ only
};
NormState find_norm(const ChangedPass& pass);

/// LayerSums of ε, ã, ξ and, in the place of σ ⊙ v, of r times what goes back through mask, φ and norm from
/// v.
struct ChangedSums {
  LayerSums sums;
  double values;            ///< Σ φ² before norm behind φ and mask
  double slope_xi_squared;  ///< Σ (σξ)², likewise: what tells a layer in its tail
};
ChangedSums sum_changed_layer(const ChangedPass& pass, const NormState& norm);

/// Likewise of ξ + βã, formed neuron by neuron.
GradientSums sum_changed_gradient(const ChangedPass& pass, const NormState& norm, double beta);

}  // namespace varprop::workers
