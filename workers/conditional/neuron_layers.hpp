// The layers of the conditional engine, summed neuron by neuron.
#pragma once

#include <cmath>

#include "workers/conditional/layer_pass.hpp"
#include "workers/random_network.hpp"

namespace varprop {

/// Makes a layer's sums from 2n normals (orthogonal weights: 3n, 4n with biases), in O(n) time and O(1)
/// memory.
class NeuronLayers {
 public:
  /// The network must outlive this.
  explicit NeuronLayers(const RandomNetwork& network) : network_(network) {}

  LayerSums sum(const LayerOfReplica& at) const { return sum_layer(pass(at)); }
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const {
    return varprop::sum_gradient(pass(at), beta);
  }
  TailUnits find_tail_units(const LayerOfReplica& at) const { return varprop::find_tail_units(pass(at)); }

 private:
  LayerPass pass(const LayerOfReplica& at) const {
    constexpr Slopes no_activation{1, 1};
    const bool last = at.l == network_.L;
    return {{network_.activation, last ? std::optional(no_activation) : at.range.linear, at.range.scale,
             at.range.tail},
            network_.stream(at.replica, at.l, Purpose::preactivation),
            network_.stream(at.replica, at.l, last ? Purpose::output : Purpose::transpose),
            network_.n,
            at.stop,
            orthogonal(at)};
  }

  std::optional<OrthogonalPreactivation> orthogonal(const LayerOfReplica& at) const {
    if (network_.weights != Weights::orthogonal) return std::nullopt;
    const Stream nu = network_.stream(at.replica, at.l, Purpose::preactivation);
    const double squared_norm = sum_squares(nu, network_.n, at.stop);
    return OrthogonalPreactivation{std::sqrt(static_cast<double>(network_.n) / squared_norm), at.root_rho,
                                   at.root_one_minus_rho, network_.stream(at.replica, at.l, Purpose::bias)};
  }

  const RandomNetwork& network_;
};

}  // namespace varprop
