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

  /// The plan for layer l in its tail (RangePlanner::in_tail). Throws std::range_error where there is none.
  SignalRange plan_tail(std::int32_t l, const SignalRange& range, const TailUnits& units) const {
    if (const auto tail = plan_range.in_tail(range, units)) return *tail;
    throw std::range_error(activation.text() + " at layer " + std::to_string(l) +
                           " has no slope that numbers can hold: all are below exp(-1e17).");
  }

  /// For engines of two inputs, which do not follow signals into tails. Throws std::range_error there.
  void require_no_tail(std::int32_t l, const Magnitude& s2, double squared_slopes, double squared_values) const {
    if (!plan_range.lost_in_tail(s2, squared_slopes, squared_values)) return;
    throw std::range_error(activation.text() + " is saturated at layer " + std::to_string(l) +
                           " beyond what two inputs can be simulated with: its slopes are below 1e-120.");
  }

  Activation activation;
  std::int64_t n;           ///< neurons in every layer
  std::int32_t L;           ///< layers of weights
  Magnitude k;              ///< Var W_ij
  Magnitude sigma_b2;       ///< σ_b²
  InputDistribution input;  ///< of x
  PointKey key;             ///< of all draws
  RangePlanner plan_range;  ///< how φ sees z = sε
};

}  // namespace varprop
