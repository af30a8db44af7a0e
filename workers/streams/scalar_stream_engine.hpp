// Simulation of networks with a residual stream of one token at no cost in the stream's width.
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/point.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/networks/stream_sample.hpp"
#include "workers/streams/scalar_stream.hpp"

namespace varprop::workers {

/// One network at a time, of blocks whose activation does not act on the stream itself: what StreamEngine
/// measures, in the same law, in O(L) memory. A layer costs what its hidden neurons do, and with radial sums
/// nothing in any width.
class ScalarStreamEngine {
 public:
  ScalarStreamEngine(const StreamNetwork& network, HiddenSums hidden, const PointSeed& seed);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);

 private:
  bool forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);
  void backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);

  StreamNetwork network_;
  StreamEnds ends_;
  std::vector<ScalarStream> branches_;   ///< of a layer, one after the other
  std::vector<LayerMeasures> measures_;  ///< element l
  ScalarSignal first_, last_;            ///< x_0 and x_L of the network at hand
};

/// One point's random networks.
class ScalarStreamSimulation {
 public:
  /// Radial or conditional.
  ScalarStreamSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed,
                         HiddenSums hidden);
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  ScalarStreamEngine engine_;
  StreamSample measured_;
};

}  // namespace varprop::workers
