// A loop over independent steps, on all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace varprop::analysis {

/// Calls f(0) … f(count − 1), each once, on as many threads as there are cores. f must be safe to call from
/// several threads at once. What an f throws is thrown on. Now and then heard(how many are done) is called,
/// by the calling thread alone.
template <class F, class Heard>
void parallel_for(std::size_t count, const F& f, const Heard& heard) {
  std::atomic<std::size_t> next = 0, done = 0;
  const auto work_and = [&](const auto& after) {
    for (std::size_t i = next++; i < count; i = next++) {
      f(i);
      after(++done);
    }
  };
  const auto work = [&] { work_and([](std::size_t) {}); };
  std::vector<std::future<void>> others;  // their destructors wait
  const std::size_t threads = std::min<std::size_t>(count, std::thread::hardware_concurrency());
  try {
    for (std::size_t thread = 1; thread < threads; ++thread)
      others.push_back(std::async(std::launch::async, work));
  } catch (const std::system_error&) {
    // the system has no thread to spare: those that there are do it
  }
  work_and(heard);
  for (auto& other : others) other.get();
}

template <class F>
void parallel_for(std::size_t count, const F& f) {
  parallel_for(count, f, [](std::size_t) {});
}

}  // namespace varprop::analysis
