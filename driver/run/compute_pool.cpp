#include "driver/run/compute_pool.hpp"

#include <fmt/format.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "core/errors.hpp"

namespace varprop {

ComputePool::ComputePool(Simulate simulate, int threads) : simulate_(std::move(simulate)) {
  try {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    join();
    throw SystemError(fmt::format(
        "this system lets the process start {} compute threads, not {}: use --threads {} or fewer.",
        threads_.size(), threads, threads_.size()));
  }
}

ComputePool::~ComputePool() {
  join();
}

/// Drops what is running and waits for the threads.
void ComputePool::join() {
  drop();
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ComputePool::push(const std::vector<Unit>& units) {
  {
    const std::lock_guard lock(mutex_);
    queue_.insert(queue_.end(), units.begin(), units.end());
  }
  changed_.notify_all();
}

std::vector<Record> ComputePool::take_finished() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void ComputePool::clear_queue() {
  const std::lock_guard lock(mutex_);
  queue_.clear();
}

void ComputePool::drop() {
  stop_ = true;
  clear_queue();
}

bool ComputePool::idle() {
  const std::lock_guard lock(mutex_);
  return queue_.empty() && running_ == 0 && finished_.empty();
}

void ComputePool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (closing_) return;
    const Unit unit = queue_.front();
    queue_.pop_front();
    ++running_;
    lock.unlock();
    Record record = compute(unit);
    lock.lock();
    --running_;
    finished_.push_back(std::move(record));
  }
}

/// The unit pending still where it was dropped.
Record ComputePool::compute(Unit unit) const {
  const auto begin = std::chrono::steady_clock::now();
  try {
    return simulate_(unit, stop_);
  } catch (const Stopped&) {
    const std::chrono::duration<double> ran = std::chrono::steady_clock::now() - begin;
    return Record{unit, UnitState::pending, ran.count(), {}, {}};
  } catch (const std::exception& error) {
    return Record{unit, UnitState::failed, 0, error.what(), {}};
  }
}

}  // namespace varprop
