// The ensemble that an engine draws networks from.
#pragma once

#include <cstdint>

#include "core/activations/activation.hpp"
#include "core/math/magnitude.hpp"
#include "core/point/point.hpp"
#include "core/random/stream.hpp"
#include "workers/signal_range.hpp"

namespace varprop {

/// A point in the engines' symbols, with the key of its random numbers.
struct RandomNetwork {
  RandomNetwork(const Point& point, const Ensemble& ensemble, const PointKey& point_key)
      : activation(point.activation),
        weights(point.weights),
        n(point.width.value()),
        L(point.depth.value()),
        k(entry_variance(point, ensemble.variance_scaling)),
        sigma_b2(Magnitude::from(point.bias_variance.value())),
        input(ensemble.input),
        key(point_key),
        plan_range(point.activation) {}

  /// The draws of one layer of one replica (counted through all batches) for one purpose.
  Stream stream(std::uint32_t replica, std::int32_t l, Purpose purpose) const {
    return {key, replica, static_cast<std::uint32_t>(l), purpose};
  }

  Activation activation;
  Weights weights;          ///< the law of W_ij
  std::int64_t n;           ///< neurons in every layer
  std::int32_t L;           ///< layers of weights
  Magnitude k;              ///< Var W_ij
  Magnitude sigma_b2;       ///< σ_b²
  InputDistribution input;  ///< of x
  PointKey key;             ///< of all draws
  RangePlanner plan_range;  ///< how φ sees z = sε
};

}  // namespace varprop
