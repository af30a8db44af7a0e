// The ensemble that an engine draws networks from, and the norm of their input.
#pragma once

#include <cstdint>

#include "core/math/magnitude.hpp"
#include "core/network/point.hpp"
#include "core/random/stream.hpp"
#include "workers/network/signal_range.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// A point in the engines' symbols, with the key of its random numbers.
struct RandomNetwork {
  RandomNetwork(const Point& point, const NetworkSettings& settings, const PointKey& point_key)
      : activation(point.activation),
        weights(point.weights),
        n(point.width.value()),
        L(point.depth.value()),
        k(entry_variance(point, settings.variance_scaling)),
        sigma_b2(Magnitude::from(point.bias_variance.value())),
        input(settings.input),
        input_mean_square(Magnitude::from(settings.input_mean_square)),
        key(point_key),
        plan_range(point.activation) {}

  /// The draws of one layer of one replica (counted through all batches) for one purpose.
  Stream stream(std::uint32_t replica, std::int32_t l, Purpose purpose) const {
    return {key, replica, static_cast<std::uint32_t>(l), purpose};
  }

  Activation activation;
  WeightDistribution weights;   ///< the law of W_ij
  std::int64_t n;               ///< neurons in every layer
  std::int32_t L;               ///< layers of weights
  Magnitude k;                  ///< Var W_ij
  Magnitude sigma_b2;           ///< σ_b²
  InputDistribution input;      ///< of x, but for its scale
  Magnitude input_mean_square;  ///< M: x is √M times a draw of that distribution
  PointKey key;                 ///< of all draws
  RangePlanner plan_range;      ///< how φ sees z = sε
};

/// An element of an input that is uniform on (−√3, √3), of mean square 1.
double uniform_input_element(std::uint64_t bits);

/// |x|² of one replica, for engines to which only the norm matters: M times n on the sphere and for ±1, χ²_n
/// for normals and their absolute values, a sum over n draws for uniform x_i (O(n), once a network). Throws
/// Stopped.
Magnitude squared_input(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop);

}  // namespace varprop::workers
