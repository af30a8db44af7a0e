// The files that stand beside a results file, each named once.
#pragma once

#include <filesystem>
#include <string>

namespace varprop {

/// Symbolic links followed: two names of one results file have one lock. The file need not exist.
std::filesystem::path resolved_path(const std::filesystem::path& results);

/// RESULTS.h5.lock: who is writing; there only while someone is.
std::filesystem::path lock_path(const std::filesystem::path& results);
/// RESULTS.h5.log.jsonl: what happened to the sweep.
std::filesystem::path log_path(const std::filesystem::path& results);
/// RESULTS.h5.creating: the file until it is whole. A process killed meanwhile leaves it; the next one
/// replaces it.
std::filesystem::path creating_path(const std::filesystem::path& results);

/// The folder that a results file is or will be in; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& results);

/// Whose a file is, for sentences about one that may not be used: "alice (uid 1000)", "uid 1000" where the
/// uid has no name; "nobody known" where the file cannot be looked at.
std::string owner_of(const std::filesystem::path& file);

/// What stands where a regular file is wanted: "a directory", "a pipe", "a socket", "a device"; empty where
/// it is a regular file, or nothing.
std::string kind_of_no_file(const std::filesystem::path& path);

}  // namespace varprop
