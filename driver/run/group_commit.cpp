#include "driver/run/group_commit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/errors.hpp"

namespace varprop {

namespace {

std::string as_sentence(std::string words) {
  if (!words.ends_with('.')) words += '.';
  return words;
}

}  // namespace

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
  const auto begin = Clock::now();
  if (!records_.empty()) {
    fault_.before_commit(++commits_);
    write();
  }
  records_.clear();
  bytes_ = 0;
  last_ = Clock::now();
  longest_seconds_ = std::max(longest_seconds_, std::chrono::duration<double>(last_ - begin).count());
}

void GroupCommit::write() {
  try {
    file_.commit(records_);
  } catch (const SystemError& error) {
    throw SystemError(fmt::format("{} What was committed to {} before is safe; the same command goes on from there.",
                                  as_sentence(error.what()), file_.path().string()));
  }
}

}  // namespace varprop
