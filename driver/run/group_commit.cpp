#include "driver/run/group_commit.hpp"

#include <iterator>

namespace varprop {

void GroupCommit::add(std::vector<Record> records) {
  for (Record& record : records) {
    bytes_ += record.values.size() * sizeof(double);
    records_.push_back(std::move(record));
  }
}

void GroupCommit::commit_if_due() {
  if (records_.empty()) return;
  if (bytes_ >= largest_bytes || Clock::now() - last_ >= longest_wait) commit();
}

void GroupCommit::commit() {
  if (!records_.empty()) file_.commit(records_);
  records_.clear();
  bytes_ = 0;
  last_ = Clock::now();
}

}  // namespace varprop
