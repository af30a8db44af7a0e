// The units of a merged file, taken from one part after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/storage/results_file.hpp"

namespace varprop {

/// Fills a file of a whole sweep from parts of the same sweep: of every unit the best that any part knows,
/// done over failed over pending. Parts are read a few tens of megabytes at a time, one after the other;
/// beside them stands one byte for every unit of the sweep.
class MergedUnits {
 public:
  /// `file` is new: all its units are pending. It must outlive this.
  explicit MergedUnits(ResultsFile& file);

  /// Takes what this part knows better, `before_block` called before each block; what that throws passes
  /// through. Throws InputError where a unit that is done here and in a part before
  /// differs in any bit (the wall seconds apart), naming both parts, the point, the batch and the number;
  /// SystemError where the disk refuses.
  void take(const ResultsFile& part, const std::function<void()>& before_block = {});

  /// By slot.
  const std::vector<UnitState>& states() const { return states_; }

 private:
  void take_block(const ResultsFile& part, std::vector<Record> records);
  void compare(const ResultsFile& part, const std::vector<Record>& both_done) const;
  [[noreturn]] void refuse(const ResultsFile& part, const Record& merged, const Record& other) const;
  std::string first_part_with(Unit unit) const;

  ResultsFile& file_;
  std::vector<UnitState> states_;
  std::vector<std::filesystem::path> taken_;
};

}  // namespace varprop
