// The merge command, once its command line is understood.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/storage/file_size.hpp"

namespace varprop::driver {

struct MergeOptions {
  std::filesystem::path results;                      ///< the merged file
  std::vector<std::filesystem::path> parts;           ///< at least one; whole files and shards, in any order
  bool overwrite = false;                             ///< an existing file of that name is replaced
  std::int64_t max_file_size = default_largest_file;  ///< bytes
  std::string command_line;                           ///< as typed, for the file's provenance
};

/// Joins parts of one sweep into a file of the whole sweep, which appears under its name when all is in it.
/// Says on stderr what is in it and what is missing. Returns complete, some_points_failed, or stopped_early
/// where units are still pending (or a signal asked for a stop before the file was whole: then there is
/// none, or the old one). Throws InputError for
/// parts that do not belong together or contradict each other, and SystemError where the disk refuses; then
/// nothing is written.
ExitCode merge_results(const MergeOptions& options);

}  // namespace varprop::driver
