// A call that takes too much of the processor is the end of the process; what files hang HDF5 is tested by
// tests/pipeline/test_bad_input.py.
//
// Seen red: with a timer that nothing stops, of a clock that goes on while the thread waits, with the bytes
// left out, with calls timed that are about no file.
#include "core/storage/hdf5_watchdog.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace varprop::hdf5 {
namespace {

double processor_seconds() {
  struct timespec now {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void burn(double seconds) {
  for (const double end = processor_seconds() + seconds; processor_seconds() < end;) continue;
}

/// In a process of its own, with a limit of 0.05 s.
struct Hdf5Watchdog : testing::Test {
  void SetUp() override { ::setenv("VARPROP_HDF5_SECONDS", "0.05", 1); }
  void TearDown() override { ::unsetenv("VARPROP_HDF5_SECONDS"); }

  template <class Body>
  static void expect_to_live(const Body& body) {
    EXPECT_EXIT((body(), std::_Exit(0)), testing::ExitedWithCode(0), "");
  }
};

TEST_F(Hdf5Watchdog, EndsACallThatDoesNotEnd) {
  const auto endless = [] {
    const WatchedFile file("folder/r.h5");
    const TimedCall call;
    burn(1e9);
  };
  EXPECT_EXIT(
      endless(), testing::ExitedWithCode(2),
      "^varprop: folder/r.h5 is damaged: HDF5 does not come to an end with it. It was left as it is: use "
      "a copy that is whole, or compute it anew under another name.\n$");
}

/// Seen red, as a test that did not end, with a timer that is made once for all processes.
TEST_F(Hdf5Watchdog, WatchesInAForkedProcessToo) {
  {
    const WatchedFile file("r.h5");
    const TimedCall call;  // this process has its timer
  }
  EXPECT_EXIT(
      {
        const WatchedFile file("r.h5");
        const TimedCall call;
        burn(1e9);
      },
      testing::ExitedWithCode(2), "damaged");
}

TEST_F(Hdf5Watchdog, CountsEveryCallByItself) {
  expect_to_live([] {
    const WatchedFile file("r.h5");
    for (int i = 0; i < 5; ++i) {
      const TimedCall call;
      burn(0.02);
    }
    burn(0.1);
  });
}

TEST_F(Hdf5Watchdog, CountsNoTimeOfWaiting) {
  expect_to_live([] {
    const WatchedFile file("r.h5");
    const TimedCall call;
    ::usleep(200'000);
  });
}

TEST_F(Hdf5Watchdog, GivesMoreTimeToMoreBytes) {
  expect_to_live([] {
    const WatchedFile file("r.h5");
    const TimedCall call(20e6);
    burn(0.15);
  });
}

TEST_F(Hdf5Watchdog, TimesOnlyCallsThatAreAboutAFile) {
  expect_to_live([] {
    { const WatchedFile file("r.h5"); }
    const TimedCall call;
    burn(0.1);
  });
}

}  // namespace
}  // namespace varprop::hdf5
