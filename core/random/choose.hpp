// A random subset, the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace varprop {

/// `count` distinct numbers of 0 … total − 1, ascending; every subset of that size is as likely as any other.
/// A function of its arguments alone. count is from 0 to total. O(count) time; count times 8 bytes and at
/// most as much again while it works.
std::vector<std::int64_t> choose(std::int64_t count, std::int64_t total, std::uint64_t seed);

}  // namespace varprop
