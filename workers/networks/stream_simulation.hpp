// Networks of blocks as one of the engines.
#pragma once

#include "core/network/point.hpp"
#include "workers/engines.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::workers {

class StreamSimulation : public NetworkEngine {
 public:
  StreamSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed,
                   MatrixKind kind);

  void simulate(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) override;

 private:
  StreamNetwork network_;
  RandomMatrices matrices_;
  StreamEngine engine_;
  StreamSample measured_;
};

}  // namespace varprop::workers
