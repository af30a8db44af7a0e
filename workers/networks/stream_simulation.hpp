// Networks of blocks as other engines' networks are measured.
#pragma once

#include "core/network/point.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::workers {

/// One network's measures, from the first layer that `sample` has on.
void copy_measured(const StreamSample& measured, NetworkSample& sample);

/// One point's random networks.
class StreamSimulation {
 public:
  StreamSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed,
                   MatrixKind kind);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  StreamNetwork network_;
  RandomMatrices matrices_;
  StreamEngine engine_;
  StreamSample measured_;
};

}  // namespace varprop::workers
