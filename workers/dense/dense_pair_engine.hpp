// Simulation of a network with all its weights and two inputs: the ground truth of the pair engines.
#pragma once

#include <cstdint>
#include <vector>

#include "workers/dense/dense_weights.hpp"
#include "workers/kernels/activate_pair.hpp"
#include "workers/kernels/matrix_pass.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/two_inputs/pair_outcome.hpp"

namespace varprop::workers {

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
  void forward(std::uint32_t replica, NetworkSample& sample);
  void preactivate(std::uint32_t replica, std::int32_t l);
  void activate(const Layer& layer);
  void redo_in_tail(Layer& layer);
  void leave(const Layer& layer);
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
