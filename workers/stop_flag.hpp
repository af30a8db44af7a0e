// How a running unit hears that it is to be dropped.
#pragma once

#include <atomic>
#include <stdexcept>

namespace varprop {

using StopFlag = std::atomic<bool>;

/// Thrown by an engine that was told to stop: its unit stays pending.
class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("stopped") {}
};

inline void throw_if_stopped(const StopFlag& stop) {
  if (stop.load(std::memory_order_relaxed)) throw Stopped();
}

}  // namespace varprop
