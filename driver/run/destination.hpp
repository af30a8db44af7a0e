// Where results are to go: may a results file of that name be there?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace varprop {

/// Throws InputError unless `path` can name a results file: in a folder that exists, a regular file or none
/// yet, and it and the files that stand beside it (companion_paths.hpp) none of the files that are read.
/// `named` is how the user gave it: "-o out.h5".
void require_destination(const std::filesystem::path& path, const std::string& named,
                         const std::vector<std::filesystem::path>& inputs);

/// Throws InputError unless the file that --overwrite is to replace holds results of varprop, and not
/// something else that a slip of the hand names.
void require_replaceable(const std::filesystem::path& path);

}  // namespace varprop
