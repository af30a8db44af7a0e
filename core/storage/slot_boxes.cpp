#include "core/storage/slot_boxes.hpp"

#include <algorithm>

#include "core/errors.hpp"

namespace varprop {

namespace {

using Extents = std::vector<std::uint64_t>;

/// `count` consecutive indices of dimension `axis` from `at[axis]`, the slower dimensions at `at`, the faster
/// whole.
Box slab(const Extents& extents, Extents at, std::size_t axis, std::uint64_t count) {
  Box box{std::move(at), Extents(extents.size(), 1)};
  box.length[axis] = count;
  std::copy(extents.begin() + static_cast<std::ptrdiff_t>(axis) + 1, extents.end(),
            box.length.begin() + static_cast<std::ptrdiff_t>(axis) + 1);
  return box;
}

Extents position(const Extents& extents, std::uint64_t element) {
  Extents at(extents.size());
  for (std::size_t axis = extents.size(); axis-- > 0; element /= extents[axis])
    at[axis] = element % extents[axis];
  return at;
}

}  // namespace

std::uint64_t Box::size() const {
  std::uint64_t product = 1;
  for (const auto extent : length) product *= extent;
  return product;
}

Box Box::times(std::uint64_t extent) const {
  Box larger = *this;
  larger.start.push_back(0);
  larger.length.push_back(extent);
  return larger;
}

std::vector<Box> slot_boxes(const Extents& extents, std::uint64_t first, std::uint64_t count) {
  std::vector<Box> boxes;
  const std::uint64_t end = first + count;
  while (first < end) {
    // The slowest dimension along which a slab may begin here and does not reach beyond the end.
    std::size_t axis = extents.size() - 1;
    std::uint64_t inner = 1;
    while (axis > 0 && first % (inner * extents[axis]) == 0 && end - first >= inner * extents[axis]) {
      inner *= extents[axis--];
    }
    const Extents at = position(extents, first);
    const std::uint64_t length = std::min((end - first) / inner, extents[axis] - at[axis]);
    VARPROP_EXPECT(length > 0);
    boxes.push_back(slab(extents, at, axis, length));
    first += length * inner;
  }
  return boxes;
}

}  // namespace varprop
