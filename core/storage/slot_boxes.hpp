// A run of neighbouring slots as rectangular boxes of a dataset's leading dimensions.
#pragma once

#include <cstdint>
#include <vector>

namespace varprop {

/// Start and length along every dimension.
struct Box {
  std::vector<std::uint64_t> start;
  std::vector<std::uint64_t> length;

  /// Elements inside.
  std::uint64_t size() const;
  /// The box with one more, fastest dimension, taken whole.
  Box times(std::uint64_t extent) const;
};

/// Covers the elements first … first + count − 1, counted row-major in an array of these extents, by boxes in
/// the order of the elements: at most 2·extents.size() − 1 of them, one where the run fills whole rows.
std::vector<Box> slot_boxes(const std::vector<std::uint64_t>& extents, std::uint64_t first,
                            std::uint64_t count);

}  // namespace varprop
