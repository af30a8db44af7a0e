// Positions in a grid and the groups of its points. Seen red: with the first axis fastest, with the extent
// of the axis itself in its position, with groups that keep the member's place along free axes.
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

/// Width 0 at depths 0 and 2, width 1 at depth 1, width 2 at depths 0 and 1.
PointList some_points() {
  const auto place = [](std::size_t width, std::size_t depth) {
    GridIndices at{};
    at[axis_position<Width>] = width;
    at[axis_position<Depth>] = depth;
    return at;
  };
  return PointList({place(2, 1), place(0, 0), place(1, 1), place(2, 0), place(0, 2)});
}

TEST(GridIndex, OfAListHasItsPointsAlone) {
  const PointList listed = some_points();
  const GridIndex index(shape_of(1, 3, 3), listed);
  EXPECT_EQ(index.count(), 5);
  for (std::int64_t position = 0; position < 5; ++position)
    EXPECT_EQ(index.position(index.indices(position)), position);
  GridIndices at{};
  at[axis_position<Depth>] = 1;
  EXPECT_FALSE(index.find(at).has_value());
}

TEST(GridIndex, OfAListGroupsWhatThereIs) {
  const PointList listed = some_points();
  const GridIndex index(shape_of(1, 3, 3), listed);
  const auto members = [&](const AxisSet& free, const GridIndices& at) {
    std::vector<std::int64_t> positions;
    index.for_each_member(free, at,
                          [&](const GridIndices& place) { positions.push_back(index.position(place)); });
    return positions;
  };
  std::vector<std::vector<std::int64_t>> by_depth;
  index.for_each_group(axes_of<Width>(),
                       [&](const GridIndices& at) { by_depth.push_back(members(axes_of<Width>(), at)); });
  EXPECT_EQ(by_depth, (std::vector<std::vector<std::int64_t>>{{0, 3}, {2, 4}, {1}}));
  EXPECT_EQ(members(axes_of<Width, Depth>(), {}), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace varprop
