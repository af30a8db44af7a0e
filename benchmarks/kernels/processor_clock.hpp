// Processor cycles, counted where the machine lets us and estimated where it does not.
#pragma once

#include <string>

namespace varprop::benchmarks {

/// Cycles of the calling thread, from the kernel's performance counters; virtual machines often have none.
/// Then the processor time times a clock that a loop of dependent additions (one a cycle) has measured.
class ProcessorClock {
 public:
  ProcessorClock();
  ~ProcessorClock();
  ProcessorClock(const ProcessorClock&) = delete;
  ProcessorClock& operator=(const ProcessorClock&) = delete;

  /// Cycles since some moment.
  double cycles() const;

  /// Where the cycles come from, as a phrase: "counted", "estimated from a measured clock".
  std::string source() const;
  /// Of the loop of additions, the fastest of several runs.
  double hertz() const { return hertz_; }

 private:
  double hertz_;
  int counter_;  ///< file descriptor; −1: none
};

}  // namespace varprop::benchmarks
