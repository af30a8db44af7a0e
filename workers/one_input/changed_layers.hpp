// The sums of hidden layers with norms or dropout: neuron by neuron, and of straight lines from counts and
// norms.
#pragma once

#include <array>
#include <cstdint>

#include "workers/kernels/changed_layer.hpp"
#include "workers/one_input/sum_engine.hpp"

namespace varprop::workers {

/// A layer's sums where there are norms or dropout: α is the signal that goes on, and r times what goes back
/// through mask, φ and norm from v is in the place of σ ⊙ v.
struct ChangedLayerSums {
  LayerSums sums;
  double values;            ///< Σφ² before a norm behind φ, and before dropout
  double slope_xi_squared;  ///< Σ(σξ)², likewise
  double mean_square;  ///< r² of N(x) = x/r, x less its mean where the norm takes that away, of ε or of α;
                       ///< else 1
};

/// In O(n) time and O(1) memory: dropout draws one number a neuron more, a norm takes one pass more.
class ChangedNeuronLayers {
 public:
  static constexpr bool changed = true;

  /// The network must outlive this.
  explicit ChangedNeuronLayers(const RandomNetwork& network) : network_(network), plain_(network) {}

  ChangedLayerSums sum_changed(const LayerOfReplica& at) const;
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const;
  TailUnits find_tail_units(const LayerOfReplica& at) const { return plain_.find_tail_units(at); }

 private:
  ChangedPass pass(const LayerOfReplica& at) const;

  const RandomNetwork& network_;
  NeuronLayers plain_;
};

/// In constant time, for φ of two straight lines, dropout, and norms that take no mean away.
///
/// The neurons fall into four groups: ε positive or negative (K₊ ~ Bin(n, ½)), kept or dropped (of K
/// Bin(K, p)). In each only the norm of ε, the component of ξ along it and the squared rest beside that
/// matter, as in RadialLayers: every vector is four components along ε and a rest orthogonal to N(x).
class ChangedRadialLayers {
 public:
  static constexpr bool changed = true;

  /// The network must outlive this.
  explicit ChangedRadialLayers(const RandomNetwork& network) : network_(network) {}

  ChangedLayerSums sum_changed(const LayerOfReplica& at) const;
  GradientSums sum_gradient(const LayerOfReplica& at, double beta) const;

 private:
  static constexpr std::size_t groups = 4;
  using Vector = std::array<double, groups>;  ///< components along ε in every group

  struct Groups {
    Vector slope, mask;      ///< a, and m/p
    Vector epsilon;          ///< |ε|
    Vector xi;               ///< εᵀξ/|ε|
    Vector xi_rest_squared;  ///< |ξ|² beside that
    Vector unit;             ///< of N(x)/√n, x = ε or φ; zero without a norm
    double mean_square;      ///< of x; 1 without a norm
    double values;           ///< Σφ²
    Vector signal;           ///< ã
  };

  Groups draw(const LayerOfReplica& at) const;
  void normalize(Groups& groups, bool activated, double n) const;
  /// r times what goes back from a vector through mask, φ and norm.
  Vector back(const Groups& groups, const Vector& v) const;

  const RandomNetwork& network_;
};

using ChangedConditionalEngine = SumEngine<ChangedNeuronLayers>;
using ChangedRadialEngine = SumEngine<ChangedRadialLayers>;

}  // namespace varprop::workers
