// Exact simulation of one finite network with two inputs, without its weight matrices.
#pragma once

#include <cstdint>
#include <vector>

#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/two_inputs/pair_outcome.hpp"
#include "workers/two_inputs/pair_weights.hpp"

namespace varprop::workers {

/// The conditional engine with two inputs of equal norm and cosine c_0: any activation, O(n) time a layer,
/// O(L) memory; the normals of a layer are drawn anew on the way back. Both signals and both gradients are
/// kept as the first and the difference of both, each at size 1 with its norm beside it, so that 1 − c and
/// 1 − γ keep their digits however alike the inputs become.
template <class PairWeights>
class PairEngine {
 public:
  PairEngine(const Point& point, const NetworkSettings& settings, const PointKey& key);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  struct Layer {
    PairPassage passage;  ///< through W^l
    PairSizes sizes;
    PairRange range;
    PairSums sums;
    DifferenceGeometry basis;  ///< of α and Δ
  };
  /// Two gradients at a layer: u = δ₁ and e = δ₂|δ₁|/|δ₂| − δ₁. The way back is linear, so the length of δ₂
  /// means nothing to the cosine.
  struct Gradient {
    DifferenceGeometry norms;
    PairProjections projections;
    bool second_alive = true;
  };

  DifferenceGeometry input(std::uint32_t replica) const;
  PairPass pass(std::uint32_t replica, std::int32_t l, const Layer& layer) const;
  PairOutcome through_weights(std::int32_t l, const PairOutcome& signal, const PairSizes& sizes) const;
  void enter(std::uint32_t replica, std::int32_t l, const PairOutcome& signal);
  void sum(std::uint32_t replica, std::int32_t l);
  void redo_in_tail(std::uint32_t replica, std::int32_t l);
  PairOutcome leave(Layer& layer);
  void forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample);
  Gradient output_gradient(std::uint32_t replica) const;
  Gradient step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const;
  Gradient measured(const PairGradientSums& sums, const EqualNorms& compared) const;
  PairGradientSums sum_gradient(std::uint32_t replica, std::int32_t l, const GradientMixture& mixture) const;
  EqualNorms refine(std::uint32_t replica, std::int32_t l, GradientMixture mixture, const EqualNorms& rough,
                    PairGradientSums& sums) const;

  RandomNetwork network_;
  double input_correlation_;
  const StopFlag* stop_ = nullptr;  ///< of the replica at hand
  std::vector<Layer> layers_;       ///< element l − 1 is layer l
  /// Both signals have been alive so far. Once one has died (no bias), the other goes on alone.
  bool both_alive_ = true;
};

using ConditionalPairEngine = PairEngine<GaussianPairWeights>;
using OrthogonalPairEngine = PairEngine<OrthogonalPairWeights>;

}  // namespace varprop::workers
