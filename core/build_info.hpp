// What this program was built from: stored in every results file and shown by --version.
#pragma once

#include <string>

namespace varprop {

/// "0.2.0", from the project's CMakeLists.txt.
std::string program_version();

/// The full hash of the commit, with "-dirty" where tracked files differed from it; "unknown" outside a
/// checkout.
std::string git_commit();

/// "GNU 12.2.0".
std::string compiler();

/// "Release -O3 -DNDEBUG -ffp-contract=off": the build type, and the options of the compiler that matter.
std::string build_flags();

/// The program in a line, from the project's CMakeLists.txt.
std::string program_summary();

}  // namespace varprop
