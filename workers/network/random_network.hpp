// The ensemble that an engine draws networks from, and the norm of their input.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/math/magnitude.hpp"
#include "core/network/point.hpp"
#include "core/network/stream.hpp"
#include "core/random/stream.hpp"
#include "workers/network/signal_range.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// m/p of one layer: every neuron stays with probability p, times 1/p; else it is 0.
struct DropoutMask {
  Stream draws;
  double keep;  ///< p

  /// A neuron stays where the upper 53 bits of its draw are below this.
  std::int64_t threshold() const { return std::max<std::int64_t>(1, std::llround(keep * 0x1p53)); }
};

/// A point in the engines' symbols, with the key of its random numbers.
struct RandomNetwork {
  RandomNetwork(const Point& point, const NetworkSettings& settings, const PointKey& point_key)
      : activation(point.activation),
        weights(point.weights),
        n(point.width.value()),
        L(point.depth.value()),
        k(entry_variance(point, settings.variance_scaling, 1)),
        sigma_b2(bias_variance(point, settings.bias_scaling, 1)),
        norm(point.norm),
        keep(point.keep.value()),
        input(settings.input),
        input_mean_square(Magnitude::from(settings.input_mean_square)),
        key(point_key),
        plan_range(point.activation),
        unequal_(unequal_layers(point, settings)) {}

  /// Layers of so many neurons inside a network of blocks, of which none is the last: what a matrix's key and
  /// the way φ sees them are for. Its weights are Gaussian.
  RandomNetwork(const StreamNetwork& network, std::int64_t neurons, const PointKey& matrix_key)
      : activation(network.activation),
        weights(WeightDistribution::gaussian),
        n(neurons),
        L(std::numeric_limits<std::int32_t>::max()),
        sigma_b2(network.bias_variance),
        norm(Norm::none),
        keep(network.keep),
        input(network.input),
        input_mean_square(Magnitude::from(network.input_mean_square)),
        key(matrix_key),
        plan_range(network.activation) {}

  /// The draws of one layer of one replica (counted through all batches) for one purpose.
  Stream stream(std::uint32_t replica, std::int32_t l, Purpose purpose) const {
    return {key, replica, static_cast<std::uint32_t>(l), purpose};
  }

  DropoutMask mask(std::uint32_t replica, std::int32_t l) const {
    return {stream(replica, l, Purpose::mask), keep};
  }
  /// n_l, l = 0 (the input) to L.
  std::int64_t width(std::int32_t l) const { return unequal_.empty() ? n : at(l).n; }
  /// k_l = Var W^l_ij, and Var b^l_i; l from 1.
  const Magnitude& variance(std::int32_t l) const { return unequal_.empty() ? k : at(l).k; }
  const Magnitude& bias_variance_of(std::int32_t l) const {
    return unequal_.empty() ? sigma_b2 : at(l).sigma_b2;
  }
  std::int64_t widest() const;

  Activation activation;
  WeightDistribution weights;   ///< the law of W_ij
  std::int64_t n;               ///< neurons in every layer, where all are alike
  std::int32_t L;               ///< layers of weights
  Magnitude k;                  ///< Var W_ij, likewise
  Magnitude sigma_b2;           ///< Var b_i, likewise
  Norm norm;                    ///< of the hidden layers
  double keep;                  ///< p: hidden neurons stay with this probability, times 1/p
  InputDistribution input;      ///< of x, but for its scale
  Magnitude input_mean_square;  ///< M: x is √M times a draw of that distribution
  PointKey key;                 ///< of all draws
  RangePlanner plan_range;      ///< how φ sees z = sε

 private:
  struct UnequalLayer {
    std::int64_t n;
    Magnitude k, sigma_b2;
  };
  static std::vector<UnequalLayer> unequal_layers(const Point& point, const NetworkSettings& settings);
  const UnequalLayer& at(std::int32_t l) const { return unequal_[static_cast<std::size_t>(l)]; }

  std::vector<UnequalLayer> unequal_;  ///< element l, l = 0..L; empty where all layers are alike
};

/// An element of an input that is uniform on (−√3, √3), of mean square 1.
double uniform_input_element(std::uint64_t bits);

/// |x|² of one replica, for engines to which only the norm matters: M times n = n_0 on the sphere and for ±1,
/// χ²_n for normals and their absolute values, a sum over n draws for uniform x_i (O(n), once a network).
/// Throws Stopped.
Magnitude squared_input(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop);

}  // namespace varprop::workers
