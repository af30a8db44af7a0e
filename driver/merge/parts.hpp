// The parts that are to be merged: one sweep, in any number of files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/storage/results_file.hpp"

namespace varprop {

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

}  // namespace varprop
