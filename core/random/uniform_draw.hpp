// A uniform number from one 64-bit draw.
#pragma once

#include <cstdint>

namespace varprop {

/// U in (0, 1): (k + ½)/2⁵³ for the upper 53 bits k of the draw; never 0, never 1.
inline double uniform_from_bits(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

}  // namespace varprop
