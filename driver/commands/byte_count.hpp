// Sizes of files as people write them.
#pragma once

#include <cstdint>
#include <string>

namespace varprop {

/// Bytes: "500MB", "20 GB", "1.5TB", "64GiB", "1000". Throws InputError where the text is none, or below one
/// byte.
std::int64_t parse_byte_count(const std::string& text);

}  // namespace varprop
