// Simulation of a network with all its weights, for one input or two: the ground truth of the other engines.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/math/magnitude.hpp"
#include "workers/dense/dense_weights.hpp"
#include "workers/kernels/activate.hpp"
#include "workers/kernels/drawn_matrix.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/two_inputs/pair_outcome.hpp"

namespace varprop::workers {

/// The dense engine: z^l = W^l a^{l−1} + b^l and δ^l = φ'(z^l) ⊙ (W^{l+1})ᵀδ^{l+1} with every W_ij drawn,
/// once for the forward and once more for the backward pass. O(n²) time a layer, O(nL) memory; orthogonal
/// weights take O(n³) time and O(n²) memory.
///
/// Vectors are kept at size 1 with their norm beside them as a Magnitude, so that no depth is too deep:
/// a = |a|·â, z = s·ζ with s² = k|a|² + σ_b², δ = |δ|·δ̂. Norms and dropout are done as they are written.
class DenseEngine {
 public:
  DenseEngine(const Point& point, const NetworkSettings& settings, const PointKey& key);
  DenseEngine(const DenseEngine&) = delete;
  DenseEngine& operator=(const DenseEngine&) = delete;

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  using Vector = std::vector<double>;

  struct Layer {
    Vector zeta;               ///< ζ^l [padded(n_l)], z^l = s_l ζ^l
    SignalRange range;         ///< how φ sees z^l, and what of a norm's Jacobian is a number
    Magnitude squared_signal;  ///< |a^{l−1}|², as W^l reads it
  };

  Layer& layer(std::int32_t l) { return layers_[static_cast<std::size_t>(l) - 1]; }
  /// As much of a vector as layer l has: [padded(n_l)], zero beyond n_l.
  std::span<double> at(Vector& v, std::int32_t l) const;
  /// False where the signal explodes, and with it the rest of the sample.
  bool forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample);
  void preactivate(std::uint32_t replica, std::int32_t l, const Magnitude& s2);
  void activate_layer(std::int32_t l);
  std::span<const double> preactivation(std::int32_t l);
  double to_mean_square_one(std::int32_t l);
  ActivationPass activation_pass(const SignalRange& range) const;
  void redo_in_tail(std::int32_t l, const Magnitude& s2);
  void find_norm(std::int32_t l, const Magnitude& s2);
  void normalize_values(std::int32_t l);
  void mask(std::uint32_t replica, std::int32_t l);
  void through_activation(std::int32_t l);
  void project(std::int32_t l, std::span<double> v);
  void drop_rounding(std::int32_t l);

  RandomNetwork network_;
  DenseWeights weights_;
  const StopFlag* stop_ = nullptr;  ///< of the replica at hand
  std::vector<Layer> layers_;       ///< element l − 1 is layer l
  // Of the layer at hand, each as long as the widest layer needs:
  Vector signal_;    ///< â, or α
  Vector slope_;     ///< σ, φ'(z) = υσ
  Vector gradient_;  ///< δ̂
  Vector scratch_;
  Vector unit_;                   ///< N(z) or N(φ(z)), where there is a norm
  Vector mask_;                   ///< m/p, where there is dropout
  double normalized_square_ = 0;  ///< mean square of what was normalized, in the units it was in
  double unmasked_square_ = 0;    ///< |Wᵀδ̂|²/k
};

/// The dense engine with two inputs of equal norm and cosine c_0, the direction of the second beside the
/// first uniform. Both signals and both gradients are kept as the first and the difference of both, as in
/// PairEngine. O(n²) time a layer, O(nL) memory.
class DensePairEngine {
 public:
  DensePairEngine(const Point& point, const NetworkSettings& settings, const PointKey& key);
  DensePairEngine(const DensePairEngine&) = delete;
  DensePairEngine& operator=(const DensePairEngine&) = delete;

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  using Vector = std::vector<double>;  ///< [padded(n)], zero beyond n

  struct Layer {
    Vector zeta, omega;  ///< z₁ = sζ, z₂ − z₁ = s_w ω
    PairSizes sizes;
    PairRange range;           ///< how φ sees them
    Magnitude squared_signal;  ///< |a₁^{l−1}|²
  };

  /// Of the layer at hand.
  PairArrays arrays() { return PairArrays(room_); }
  void draw_inputs(std::uint32_t replica);
  /// False where the signal explodes, and with it the rest of the sample.
  bool forward(std::uint32_t replica, NetworkSample& sample);
  void preactivate(std::uint32_t replica, std::int32_t l);
  void activate(const Layer& layer);
  void redo_in_tail(Layer& layer, bool both_alive);
  void leave(const Layer& layer);
  Magnitude squared_last_activations();
  void backward(std::uint32_t replica, NetworkSample& sample);
  void step_down(std::uint32_t replica, std::int32_t l);
  void compare_gradients(const Layer& layer, const Magnitude& unit);
  void unscale_signal();
  /// Scales both to size 1; a zero vector stays.
  static void normalize(Vector& first, Vector& difference);

  RandomNetwork network_;
  DenseWeights weights_;
  double input_correlation_;
  const StopFlag* stop_ = nullptr;  ///< of the replica at hand
  std::vector<Layer> layers_;       ///< element l − 1 is layer l
  DifferenceGeometry signal_;       ///< of a₁ and e = a₂/ratio − a₁, whose directions are:
  Vector first_signal_, signal_difference_;
  Magnitude ratio_;
  DifferenceGeometry gradient_;  ///< of δ₁ and e = δ₂|δ₁|/|δ₂| − δ₁, whose directions are:
  Vector first_gradient_, gradient_difference_;
  Vector y_first_, y_difference_;  ///< before φ'
  Vector second_gradient_;         ///< δ₂ by itself
  Vector room_;                    ///< of arrays()
  bool both_alive_ = true;         ///< both signals so far
  bool second_gradient_alive_ = true;
};

}  // namespace varprop::workers
