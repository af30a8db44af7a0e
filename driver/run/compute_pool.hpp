// The compute threads of one process and the queue that feeds them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/sweep/record.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::driver {

/// unit → record, by any number of threads at once. Throws Stopped once the flag is raised, and
/// std::bad_alloc where memory runs out; whatever else it throws is the reason of a failed record.
using Simulate = std::function<Record(Unit, const workers::StopFlag&)>;

/// Threads that turn units into records. Every method may be called from the one thread that owns the pool.
class ComputePool {
 public:
  /// Throws SystemError where the system does not give so many threads; std::bad_alloc.
  ComputePool(Simulate simulate, int threads);
  /// Drops what is running and joins the threads.
  ~ComputePool();
  ComputePool(const ComputePool&) = delete;
  ComputePool& operator=(const ComputePool&) = delete;

  void push(const std::vector<Unit>& units);
  /// The records finished since the last call; also of units that were dropped while they ran, pending, with
  /// the seconds that they had had. Where a thread ran out of memory the pool drops all that it has, and this
  /// throws std::bad_alloc, once, when nothing finished is left to take.
  std::vector<Record> take_finished();
  /// Forgets the units that no thread has begun.
  void clear_queue();
  /// Forgets these and drops the running ones at their next layer.
  void drop();
  /// No unit queued or running, no record waiting to be taken.
  bool idle();

 private:
  void work();
  void keep(std::optional<Record> record);
  void starve();
  void join();
  std::optional<Record> compute(Unit unit);

  Simulate simulate_;
  workers::StopFlag stop_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Unit> queue_;
  std::vector<Record> finished_;  ///< and dropped
  int running_ = 0;
  bool starved_ = false;  ///< a thread ran out of memory, and nobody has been told
  bool closing_ = false;
  std::vector<std::thread> threads_;  ///< last: they use all of the above
};

}  // namespace varprop::driver
