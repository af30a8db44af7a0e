// Why a number is missing, for a reader who does not know the names of lengths.
#pragma once

#include <string>

namespace varprop {

/// The reason of an empty column or a refused law in plain words; as it is where it is plain enough.
std::string plain_reason(const std::string& reason);

}  // namespace varprop
