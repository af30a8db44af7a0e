// How a running unit hears that it is to be dropped.
#pragma once

#include <atomic>
#include <stdexcept>

namespace varprop::workers {

using StopFlag = std::atomic<bool>;

/// Thrown by an engine that was told to stop: its unit stays pending.
class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("stopped") {}
};

/// For loops too hot or too deep to throw from: leave early, the caller throws.
inline bool stopped(const StopFlag* stop) {
  return stop != nullptr && stop->load(std::memory_order_relaxed);
}

inline void throw_if_stopped(const StopFlag& stop) {
  if (stop.load(std::memory_order_relaxed)) throw Stopped();
}

}  // namespace varprop::workers
