// Which share of a layer's neurons passes on hardly any gradient, or none, given the variance of their
// pre-activations.
#pragma once

#include <vector>

#include "core/network/activations/activation.hpp"

namespace varprop::theory {

/// Of one activation. A neuron of z ~ N(0, q) is *saturated* where |φ'(z)| < 0.01 on a side on which φ is
/// bounded (sin, whose slopes come back, has no such side), and *dead* where φ' is 0 over a whole piece of φ:
/// below 0 for ReLU, beyond ±1 for hard_tanh, within ±λ for softshrink. What is dead is saturated too.
/// Construction evaluates φ' some thousands of times.
class NeuronShares {
 public:
  explicit NeuronShares(const Activation& activation);

  /// The shares at ln q, from 0 to 1.
  double saturated(double log_q) const { return share(saturated_, log_q); }
  double dead(double log_q) const { return share(dead_, log_q); }

 private:
  /// |z| from `low` to `high` on one of the two sides, which are equally likely.
  struct Range {
    double low, high;
  };
  static double share(const std::vector<Range>& ranges, double log_q);
  static std::vector<Range> dead_pieces(double side, const Phi& phi, const ActivationFacts& facts);
  static std::vector<Range> flat_ranges(double side, const Phi& phi);  ///< where |φ'| < 0.01

  std::vector<Range> saturated_, dead_;
};

}  // namespace varprop::theory
