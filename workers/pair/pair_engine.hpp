// Exact simulation of one finite network with two inputs, without its weight matrices.
#pragma once

#include <cstdint>
#include <vector>

#include "workers/network_sample.hpp"
#include "workers/pair/pair_weights.hpp"
#include "workers/random_network.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// The conditional engine with two inputs of equal norm and cosine c_0: any activation, O(n) time a layer,
/// O(L) memory; the normals of a layer are drawn anew on the way back. Both signals and both gradients are
/// kept as the first and the difference of both, each at size 1 with its norm beside it, so that 1 − c and
/// 1 − γ keep their digits however alike the inputs become.
template <class PairWeights>
class PairEngine {
 public:
  PairEngine(const Point& point, const Ensemble& ensemble, const PointKey& key);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  struct Layer {
    PairPassage passage;  ///< through W^l
    PairRange range;
    PairSums sums;
  };
  /// Both gradients at a layer.
  struct Gradient {
    DifferenceGeometry norms;  ///< u = δ₁, e = δ₂ − δ₁
    PairProjections projections;
  };

  DifferenceGeometry input(std::uint32_t replica) const;
  PairPass pass(std::uint32_t replica, std::int32_t l, const Layer& layer) const;
  void enter(std::uint32_t replica, std::int32_t l, const DifferenceGeometry& signal);
  DifferenceGeometry leave(const Layer& layer);
  void forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample);
  Gradient output_gradient(std::uint32_t replica) const;
  Gradient step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const;
  Gradient measured(const PairGradientSums& sums, const Magnitude& first_unit_squared,
                    const Magnitude& difference_unit_squared) const;

  RandomNetwork network_;
  double input_correlation_;
  const StopFlag* stop_ = nullptr;  ///< of the replica at hand
  std::vector<Layer> layers_;       ///< element l − 1 is layer l
  /// Both signals have been alive so far. Once one has died (no bias), the other goes on alone.
  bool both_alive_ = true;
};

using ConditionalPairEngine = PairEngine<GaussianPairWeights>;
using OrthogonalPairEngine = PairEngine<OrthogonalPairWeights>;

}  // namespace varprop
