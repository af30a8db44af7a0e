// Simulation of a network with all its weights: the ground truth of the other engines.
#pragma once

#include <cstdint>
#include <vector>

#include "core/math/magnitude.hpp"
#include "workers/dense/dense_weights.hpp"
#include "workers/kernels/activate.hpp"
#include "workers/kernels/matrix_pass.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// The dense engine: z^l = W^l a^{l−1} + b^l and δ^l = φ'(z^l) ⊙ (W^{l+1})ᵀδ^{l+1} with every W_ij drawn,
/// once for the forward and once more for the backward pass. O(n²) time a layer, O(nL) memory; orthogonal
/// weights take O(n³) time and O(n²) memory.
///
/// Vectors are kept at size 1 with their norm beside them as a Magnitude, so that no depth is too deep:
/// a = |a|·â, z = s·ζ with s² = k|a|² + σ_b², δ = |δ|·δ̂.
class DenseEngine {
 public:
  DenseEngine(const Point& point, const NetworkSettings& settings, const PointKey& key);
  DenseEngine(const DenseEngine&) = delete;
  DenseEngine& operator=(const DenseEngine&) = delete;

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  using Vector = std::vector<double>;  ///< [padded(n)], zero beyond n

  void forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample);
  void preactivate(std::uint32_t replica, std::int32_t l);
  void activate_layer(std::int32_t l);
  ActivationPass activation_pass(const SignalRange& range) const;
  void redo_in_tail(std::int32_t l, const Magnitude& s2);
  /// Scales v to size 1 and returns its squared norm before.
  static Magnitude normalize(Vector& v);

  RandomNetwork network_;
  DenseWeights weights_;
  const StopFlag* stop_ = nullptr;         ///< of the replica at hand
  std::vector<Vector> zeta_;               ///< element l − 1: ζ^l, z^l = s_l ζ^l
  std::vector<SignalRange> range_;         ///< element l − 1: how φ sees z^l
  std::vector<Magnitude> squared_signal_;  ///< element l: |a^l|², l = 0..L−1
  Vector signal_;                          ///< â of the layer at hand
  Vector slope_;                           ///< σ of the layer at hand, φ'(z) = υσ
  Vector gradient_;                        ///< δ̂ of the layer at hand
  Vector scratch_;
};

}  // namespace varprop::workers
