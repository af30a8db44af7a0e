// Joining the parts of one sweep: whether they belong together, and what is taken from each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"

namespace varprop::driver {

/// What is known of the parts before anything of them is read.
struct Parts {
  std::vector<std::filesystem::path> paths;
  Sweep sweep;
  Provenance first;            ///< of the part named first
  std::vector<Shard> missing;  ///< where all parts are shards of one deal: those that nobody brought
};

/// Looks at every part, one after the other. Throws InputError where one is no results file, or where two are
/// not of one sweep and one numerics version; the message names the difference.
Parts look_at_parts(const std::vector<std::filesystem::path>& paths);

/// "shards 2, 5 and 7 of 8 are missing", or nothing where none is.
std::string missing_text(const std::vector<Shard>& missing);

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

struct MergeOptions {
  std::filesystem::path results;                      ///< the merged file
  std::vector<std::filesystem::path> parts;           ///< at least one; whole files and shards, in any order
  bool overwrite = false;                             ///< an existing file of that name is replaced
  std::int64_t max_file_size = default_largest_file;  ///< bytes
  std::string command_line;                           ///< as typed, for the file's provenance
  bool quiet = false;                                 ///< says nothing but what went wrong
};

/// Joins parts of one sweep into a file of the whole sweep, which appears under its name when all is in it.
/// Says on stderr what is in it and what is missing. Returns complete, some_points_failed, or stopped_early
/// where units are still pending (or a signal asked for a stop before the file was whole: then there is
/// none, or the old one). Throws InputError for
/// parts that do not belong together or contradict each other, and SystemError where the disk refuses; then
/// nothing is written.
ExitCode merge_results(const MergeOptions& options);

}  // namespace varprop::driver
