// Another program, run to its end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace varprop::report {

/// Where a program of this name stands on the PATH.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// What a program said.
struct ChildOutput {
  int exit_code;  ///< 128 + the signal that ended it
  std::string output;
  std::string errors;
};

/// Runs a program with its arguments (the first one its path), its input empty. It dies with the thread that
/// calls. Output passes through files in `scratch`, a directory. Throws SystemError where it cannot be
/// started.
ChildOutput run_child(const std::vector<std::string>& arguments, const std::filesystem::path& scratch);

}  // namespace varprop::report
