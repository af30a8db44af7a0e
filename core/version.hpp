// Which varprop this is.
#pragma once

#include <string_view>

namespace varprop {

/// "0.1.0".
extern const std::string_view program_version;

/// The commit it was built from, e.g. "5d2fa28c0ffe", with "-dirty" where files differed from it; "unknown" outside a
/// repository.
extern const std::string_view git_commit;

/// "GNU 12.2.0".
extern const std::string_view compiler;

}  // namespace varprop
