#include "benchmarks/kernels/processor_clock.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace varprop::benchmarks {

namespace {

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Every addition waits for the one before it, so a million takes a million cycles.
void add_one_after_another(std::uint64_t additions) {
  std::uint64_t x = 0;
  for (std::uint64_t i = 0; i < additions; i += 8) {
    asm volatile(
        "add $1, %0\n\tadd $3, %0\n\tadd $1, %0\n\tadd $3, %0\n\t"
        "add $1, %0\n\tadd $3, %0\n\tadd $1, %0\n\tadd $3, %0"
        : "+r"(x));
  }
}

double measured_hertz() {
  constexpr std::uint64_t additions = 20'000'000;
  double best = 0;
  for (int run = 0; run < 10; ++run) {
    const double start = thread_seconds();
    add_one_after_another(additions);
    best = std::max(best, static_cast<double>(additions) / (thread_seconds() - start));
  }
  return best;
}

int open_cycle_counter() {
  perf_event_attr what{};
  what.size = sizeof(what);
  what.type = PERF_TYPE_HARDWARE;
  what.config = PERF_COUNT_HW_CPU_CYCLES;
  what.exclude_kernel = 1;
  what.exclude_hv = 1;
  constexpr int this_thread = 0, any_core = -1, no_group = -1;
  constexpr unsigned long no_flags = 0;
  return static_cast<int>(syscall(SYS_perf_event_open, &what, this_thread, any_core, no_group, no_flags));
}

}  // namespace

ProcessorClock::ProcessorClock() : hertz_(measured_hertz()), counter_(open_cycle_counter()) {}

ProcessorClock::~ProcessorClock() {
  if (counter_ >= 0) close(counter_);
}

double ProcessorClock::cycles() const {
  std::uint64_t count = 0;
  if (counter_ >= 0 && read(counter_, &count, sizeof(count)) == sizeof(count))
    return static_cast<double>(count);
  return thread_seconds() * hertz_;
}

std::string ProcessorClock::source() const {
  return counter_ >= 0 ? "counted" : "estimated from a measured clock";
}

}  // namespace varprop::benchmarks
