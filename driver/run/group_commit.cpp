#include "driver/run/group_commit.hpp"

#include <algorithm>
#include <utility>

namespace varprop::driver {

void GroupCommit::add(std::vector<Record> records) {
  for (Record& record : records) {
    bytes_ += record.values.size() * sizeof(double);
    records_.push_back(std::move(record));
  }
}

void GroupCommit::commit_if_due() {
  if (records_.empty()) return;
  const double waited = std::chrono::duration<double>(Clock::now() - last_).count();
  if (bytes_ >= largest_bytes || waited >= interval_) commit();
}

void GroupCommit::commit() {
  const auto begin = Clock::now();
  if (!records_.empty()) {
    fault_.before_commit(++commits_);
    file_.commit(records_);
  }
  records_.clear();
  bytes_ = 0;
  last_ = Clock::now();
  longest_seconds_ = std::max(longest_seconds_, std::chrono::duration<double>(last_ - begin).count());
}

}  // namespace varprop::driver
