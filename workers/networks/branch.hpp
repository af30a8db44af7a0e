// What a layer adds to its stream: Y = F(U), forward and backward, one class a block. And what is measured of
// a layer.
#pragma once

#include "core/math/magnitude.hpp"
#include "core/network/stream.hpp"
#include "workers/networks/linear.hpp"
#include "workers/networks/panel.hpp"

namespace varprop::workers {

/// Of one layer of one network; what its block does not have stays 0.
struct LayerMeasures {
  ByRole<Magnitude> weight_gradient;  ///< |∂ℓ/∂W|² of each matrix
  Magnitude bias_gradient;            ///< Σ |∂ℓ/∂b|² of the biases that the equations have
  Magnitude activations;              ///< |φ(·)|²/m of the hidden layer, before its mask; mean over tokens
  Magnitude branch_gradient;          ///< (∂ℓ/∂β)²
};

class Branch {
 public:
  virtual ~Branch() = default;
  virtual void begin(const LayerOfNetwork& at) = 0;
  /// Y = F(U). Shapes: n × T, signals; columns of U have norm 1.
  virtual void forward(const Panel& U, Panel& Y, LayerMeasures& measures) = 0;
  /// dU = (∂F/∂U)ᵀ D, after forward() with this U. Shapes: n × T, gradients; D is used up.
  virtual void backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) = 0;
};

/// The mean over tokens of |x_t|²/n. X token by token.
inline Magnitude mean_square(const Panel& X) {
  Magnitude sum;
  for (std::size_t t = 0; t < X.columns(); ++t) sum = sum + X.squared_norm(t);
  return sum / Magnitude::from(static_cast<double>(X.rows()) * static_cast<double>(X.columns()));
}

}  // namespace varprop::workers
