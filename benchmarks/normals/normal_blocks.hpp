// The project's standard normals and the random bits under them, as plain arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/random/stream.hpp"

namespace varprop::benchmarks {

/// Draws are made in groups of this many.
inline constexpr std::size_t group = 16;

/// Normals number first·group, first·group + 1, … of a stream. Shape: out [a multiple of group], aligned to
/// 64 bytes.
void fill_normals(const Stream& stream, std::uint64_t first, std::span<double> out);

/// The 64-bit draws that these normals are made of. Shape as above.
void fill_bits(const Stream& stream, std::uint64_t first, std::span<std::uint64_t> out);

}  // namespace varprop::benchmarks
