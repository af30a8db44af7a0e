// Positions in a grid and the groups of its points. Seen red: with the first axis fastest, with the extent
// of the axis itself in its stride, with groups that keep the member's place along free axes.
#include "core/sweep/grid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace varprop {
namespace {

GridIndices shape_of(std::size_t first, std::size_t width, std::size_t depth) {
  GridIndices shape;
  shape.fill(1);
  shape[0] = first;
  shape[axis_position<Width>] = width;
  shape[axis_position<Depth>] = depth;
  return shape;
}

TEST(GridIndex, GoesFromPositionsToPlacesAndBack) {
  const GridIndex index(shape_of(2, 3, 4));
  EXPECT_EQ(index.count(), 24);
  for (std::int64_t position = 0; position < index.count(); ++position) {
    const GridIndices at = index.indices(position);
    EXPECT_EQ(index.position(at), position);
    EXPECT_EQ(at[axis_position<Depth>], static_cast<std::size_t>(position % 4));
    EXPECT_EQ(at[axis_position<Width>], static_cast<std::size_t>(position / 4 % 3));
  }
}

TEST(GridIndex, StridesAreTheDistancesOfNeighbours) {
  const GridIndex index(shape_of(2, 3, 4));
  EXPECT_EQ(index.stride(axis_position<Depth>), 1);
  EXPECT_EQ(index.stride(axis_position<Width>), 4);
  EXPECT_EQ(index.stride(0), 12);
}

TEST(GridIndex, GroupsAreEveryPointOnce) {
  const GridIndex index(shape_of(2, 3, 4));
  const AxisSet free = axes_of<Width>();
  std::set<std::int64_t> seen;
  std::int64_t groups = 0;
  index.for_each_group(free, [&](const GridIndices& group) {
    EXPECT_EQ(group[axis_position<Width>], 0u);
    EXPECT_EQ(index.position(group, all_but(free)), groups++);
    GridIndices member = group;
    member[axis_position<Width>] = 2;
    std::int64_t last = -1;
    index.for_each_member(free, member, [&](const GridIndices& at) {
      EXPECT_EQ(at[0], group[0]);
      EXPECT_EQ(at[axis_position<Depth>], group[axis_position<Depth>]);
      EXPECT_TRUE(seen.insert(index.position(at)).second);
      EXPECT_GT(index.position(at), last);
      last = index.position(at);
    });
  });
  EXPECT_EQ(groups, index.count(all_but(free)));
  EXPECT_EQ(seen.size(), 24u);
}

TEST(GridIndex, AGridWithoutPointsHasNoGroups) {
  int groups = 0;
  GridIndex(shape_of(2, 0, 4)).for_each_group(axes_of<Depth>(), [&](const GridIndices&) { ++groups; });
  EXPECT_EQ(groups, 0);
}

}  // namespace
}  // namespace varprop
