// Simulation of residual streams of two inputs at no cost in the stream's width.
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/point.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/networks/stream_sample.hpp"
#include "workers/streams/pair_stream.hpp"
#include "workers/streams/scalar_stream.hpp"

namespace varprop::workers {

/// One network of mlp or glu blocks at a time, two inputs of equal norm and cosine c_0, one output gradient V
/// for both, and dropout's masks for each. What is no correlation is that of the first. n ≥ 2.
class PairStreamEngine {
 public:
  PairStreamEngine(const StreamNetwork& network, double input_correlation, const PointSeed& seed);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);

 private:
  PairSignal input(std::uint32_t replica, const StopFlag& stop) const;
  PairGradient output_gradient(std::uint32_t replica) const;
  bool forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);
  void backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);

  StreamNetwork network_;
  double input_correlation_;
  StreamEnds ends_;
  PointKey key_;
  PairStream stream_;
  PairSignal first_, last_;              ///< x at both ends
  std::vector<LayerMeasures> measures_;  ///< element l
  bool both_ = true;                     ///< no signal has died so far
};

/// One point's random networks.
class PairStreamSimulation {
 public:
  PairStreamSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed);
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  PairStreamEngine engine_;
  StreamSample measured_;
};

}  // namespace varprop::workers
