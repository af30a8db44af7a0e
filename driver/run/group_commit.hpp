// Records on their way to the file: rank 0 writes them in groups.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "core/storage/results_file.hpp"
#include "driver/run/fault.hpp"

namespace varprop::driver {

/// Collects records and commits them together, every second or 64 MB, so that a fsync is shared by many units
/// and a point's batches go out in one write.
class GroupCommit {
 public:
  /// The file must outlive this. A commit is due `interval` seconds after the last one.
  explicit GroupCommit(ResultsFile& file, const Fault& fault = {}, double interval = Patience().commit)
      : file_(file), fault_(fault), interval_(interval) {}

  void add(std::vector<Record> records);
  /// Commits if it is time to.
  void commit_if_due();
  /// Commits all there is.
  void commit();
  /// The seconds that the longest commit took.
  double longest_seconds() const { return longest_seconds_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t largest_bytes = 64'000'000;

  ResultsFile& file_;
  Fault fault_;
  double interval_;
  std::int64_t commits_ = 0;
  double longest_seconds_ = 0;
  std::vector<Record> records_;
  std::size_t bytes_ = 0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace varprop::driver
