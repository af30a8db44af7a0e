// The ensemble that an engine draws networks from.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

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
        saturates(point.activation.facts().at_infinity == Slopes{0, 0}),
        key(point_key),
        plan_range(point.activation) {}

  /// The draws of one layer of one replica (counted through all batches) for one purpose.
  Stream stream(std::uint32_t replica, std::int32_t l, Purpose purpose) const {
    return {key, replica, static_cast<std::uint32_t>(l), purpose};
  }

  /// Throws std::range_error where a saturated layer's slopes are too small for doubles: Σ(φ')² below 2⁻⁹³⁰
  /// may have lost terms to underflow, and the gradient with them. (Slopes that are 0 beside others, like
  /// ReLU's, lose nothing.)
  void require_slopes(std::int32_t l, const Magnitude& s2, double sum_of_squares) const {
    if (!saturates || s2.zero() || sum_of_squares > 0x1p-930) return;
    throw std::range_error(activation.text() + " is saturated at layer " + std::to_string(l) +
                           " beyond what numbers of this version can hold: its slopes are below 1e-140.");
  }

  Activation activation;
  Weights weights;          ///< the law of W_ij
  std::int64_t n;           ///< neurons in every layer
  std::int32_t L;           ///< layers of weights
  Magnitude k;              ///< Var W_ij
  Magnitude sigma_b2;       ///< σ_b²
  bool saturates;           ///< φ' → 0 on both sides
  PointKey key;             ///< of all draws
  RangePlanner plan_range;  ///< how φ sees z = sε
};

}  // namespace varprop
