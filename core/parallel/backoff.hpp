// Waiting without spinning.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace varprop {

/// Sleeps between looks at something: 50 µs at first, doubling up to 5 ms while nothing happens.
class Backoff {
 public:
  void sleep() {
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(2 * pause_, longest);
  }
  /// Something happened: look again soon.
  void reset() { pause_ = shortest; }

 private:
  static constexpr std::chrono::microseconds shortest{50};
  static constexpr std::chrono::microseconds longest{5000};
  std::chrono::microseconds pause_ = shortest;
};

}  // namespace varprop
