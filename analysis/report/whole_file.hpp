// A text file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace varprop {

/// Writes the parts one after the other under a temporary name beside `path`, then gives the file its name.
/// Throws SystemError where the disk refuses; then nothing is left.
void write_whole(const std::filesystem::path& path, std::initializer_list<std::string_view> parts);

/// Makes a directory and those above it. Throws SystemError.
void make_directory(const std::filesystem::path& directory);

}  // namespace varprop
