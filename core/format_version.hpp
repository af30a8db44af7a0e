// The version of the results file's format (docs/file-format.md), by which it is known what a file can hold.
#pragma once

#include <compare>

namespace varprop {

/// Raised in the major where an older reader would go wrong, in the minor where something was added.
struct FormatVersion {
  int major;
  int minor;
  friend constexpr auto operator<=>(const FormatVersion&, const FormatVersion&) = default;
};

/// What stands in every file, ever.
inline constexpr FormatVersion first_format{1, 0};
/// What this program writes where nothing occurs that is newer (an axis or a measure says since when it is).
inline constexpr FormatVersion format_version{1, 1};

}  // namespace varprop
