// Every run of slots is covered by boxes, in order and without overlap.
#include "core/storage/slot_boxes.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace varprop {
namespace {

using Extents = std::vector<std::uint64_t>;

/// Row-major numbers of the elements of a box, in the box's own row-major order.
std::vector<std::uint64_t> elements(const Extents& extents, const Box& box) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < box.size(); ++i) {
    std::uint64_t rest = i, number = 0, stride = 1;
    for (std::size_t axis = extents.size(); axis-- > 0;) {
      number += (box.start[axis] + rest % box.length[axis]) * stride;
      rest /= box.length[axis];
      stride *= extents[axis];
    }
    numbers.push_back(number);
  }
  return numbers;
}

TEST(SlotBoxes, CoverEveryRunInOrder) {
  const Extents extents{2, 1, 3, 4};
  for (std::uint64_t first = 0; first < 24; ++first) {
    for (std::uint64_t count = 0; first + count <= 24; ++count) {
      std::vector<std::uint64_t> covered, wanted(count);
      std::iota(wanted.begin(), wanted.end(), first);
      const auto boxes = slot_boxes(extents, first, count);
      for (const Box& box : boxes) {
        const auto inside = elements(extents, box);
        covered.insert(covered.end(), inside.begin(), inside.end());
      }
      EXPECT_EQ(covered, wanted) << "first " << first << ", count " << count;
      EXPECT_LE(boxes.size(), 2 * extents.size() - 1);
    }
  }
}

TEST(SlotBoxes, WholePointsAreOneBox) {
  EXPECT_EQ(slot_boxes({5, 6, 16}, 16 * 7, 16).size(), 1u);
  EXPECT_EQ(slot_boxes({5, 6, 16}, 16 * 6, 16 * 6 * 2).size(), 1u);
  EXPECT_EQ(slot_boxes({5, 6, 16}, 0, 5 * 6 * 16).size(), 1u);
}

TEST(SlotBoxes, AFurtherDimensionIsTakenWhole) {
  const Box box = Box{{3}, {2}}.times(7);
  EXPECT_EQ(box.start, (Extents{3, 0}));
  EXPECT_EQ(box.length, (Extents{2, 7}));
  EXPECT_EQ(box.size(), 14u);
}

}  // namespace
}  // namespace varprop
