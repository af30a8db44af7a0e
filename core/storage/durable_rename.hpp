// A file that appears whole or not at all, even where the power fails.
#pragma once

#include <filesystem>

namespace varprop {

/// Gives a finished file its final name: fsync of the file, rename, fsync of the folder. A file that bears
/// the final name is replaced. Throws SystemError.
void durable_rename(const std::filesystem::path& finished, const std::filesystem::path& final_path);

}  // namespace varprop
