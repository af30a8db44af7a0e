#include "driver/run/compute_pool.hpp"

#include <fmt/format.h>

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "core/errors.hpp"

namespace varprop::driver {

namespace {

[[noreturn]] void refuse(std::size_t started, int wanted) {
  if (started == 0) {
    throw SystemError(
        "out of memory, or of processes: the system does not let this process start a single compute thread. "
        "Let it have more (ulimit -v and -u, or --mem of its job).");
  }
  throw SystemError(
      fmt::format("this system lets the process start {} compute threads, not {}: use --threads {} or fewer.",
                  started, wanted, started));
}

}  // namespace

ComputePool::ComputePool(Simulate simulate, int threads) : simulate_(std::move(simulate)) {
  try {
    threads_.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    join();
    refuse(threads_.size(), threads);
  } catch (...) {
    join();
    throw;
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
  if (finished_.empty() && std::exchange(starved_, false)) throw std::bad_alloc();
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
    std::optional<Record> record = compute(unit);
    lock.lock();
    --running_;
    keep(std::move(record));
  }
}

/// The lock is held.
void ComputePool::keep(std::optional<Record> record) {
  try {
    if (record) finished_.push_back(*std::move(record));
  } catch (const std::bad_alloc&) {
    starve();
  }
}

/// The lock is held. What the others compute would fare no better.
void ComputePool::starve() {
  starved_ = true;
  stop_ = true;
  queue_.clear();
}

/// The unit pending still where it was dropped; nothing for want of memory.
std::optional<Record> ComputePool::compute(Unit unit) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    return simulate_(unit, stop_);
  } catch (const workers::Stopped&) {
    const std::chrono::duration<double> ran = std::chrono::steady_clock::now() - begin;
    return Record{unit, UnitState::pending, ran.count(), {}, {}};
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    starve();
    return std::nullopt;
  } catch (const std::exception& error) {
    return Record{unit, UnitState::failed, 0, error.what(), {}};
  }
}

}  // namespace varprop::driver
