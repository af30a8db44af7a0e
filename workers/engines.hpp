// The engines as what they are made of: how one is made for a point, what a network costs it, and what it
// holds in memory. Which of them simulates a point: core/network/engine_choice.hpp.
#pragma once

#include <cstdint>
#include <memory>

#include "core/network/point.hpp"
#include "core/random/stream.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// One point's random networks.
class NetworkEngine {
 public:
  virtual ~NetworkEngine() = default;
  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  virtual void simulate(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) = 0;
};

/// The engine that the point has (resolve_engine), for one input or for two.
std::unique_ptr<NetworkEngine> make_engine(const Point& point, const NetworkSettings& settings,
                                           const PointSeed& seed);

/// Predicted seconds of one layer of one network of a point on one core of the reference machine
/// (docs/engines.md). A fixed formula of engine, weights and n, so that every run deals the same plan.
double layer_seconds(const Point& point, const NetworkSettings& settings);

/// Bytes that an engine holds for a network, roughly: the vectors and matrices that it stores, and what it
/// remembers of every layer.
double network_bytes(const Point& point, const NetworkSettings& settings);

}  // namespace varprop::workers
