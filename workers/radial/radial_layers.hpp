// The layers of the radial engine, from counts and norms alone.
#pragma once

#include "workers/layer_sums.hpp"
#include "workers/random_network.hpp"

namespace varprop {

/// Makes a layer's sums in constant time, for φ of two straight lines, slopes a₊ and a₋.
///
/// Of the n normals ε, K₊ ~ Bin(n, ½) are positive; |ε₊|² ~ χ²_{K₊} and |ε₋|² ~ χ²_{n−K₊}. Of ξ only its
/// components along ε₊ and ε₋ matter, two standard normals, and its squared rests, χ²_{K₊−1} and
/// χ²_{n−K₊−1}: on either side α = aε and σ = a.
class RadialLayers {
 public:
  /// The network must outlive this.
  explicit RadialLayers(const RandomNetwork& network) : network_(network) {}

  LayerSums sum(const LayerOfReplica& at) const;
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const;

 private:
  /// The neurons of one sign.
  struct Side {
    double slope;            ///< a
    double epsilon_norm;     ///< |ε|
    double xi_along;         ///< εᵀξ/|ε|; 0 where there is no neuron
    double xi_rest_squared;  ///< |ξ|² beside that
  };
  struct Sides {
    Side positive, negative;
  };

  Sides draw(const LayerOfReplica& at) const;

  const RandomNetwork& network_;
};

}  // namespace varprop
