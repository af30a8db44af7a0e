// Points of one grid found in another. Seen red: extents of the new grid instead of the old one's; without
// the comparison of canonical texts.
#include "core/sweep/point_map.hpp"

#include <gtest/gtest.h>

#include "tests/core/storage/known_sweep.hpp"

namespace varprop {
namespace {

TEST(PointMap, FindsEveryPointThatBothGridsHaveAndNoOther) {
  const Sweep old = known_sweep();
  Sweep grown = known_sweep();
  grown.grid.weight_variance = {WeightVariance(0.1), WeightVariance(1.0), WeightVariance(2)};
  grown.grid.width.insert(grown.grid.width.begin(), Width(32));
  grown.grid.activation = {Activation::parse("leaky_relu(0.2)"), Activation::parse("relu"),
                           Activation::parse("tanh")};
  const PointMap map(old, grown);
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < grown.point_count(); ++i) {
    const Point point = grown.point(PointIndex(i));
    const auto there = map(PointIndex(i));
    if (there) {
      EXPECT_EQ(old.point(*there), point);
    }
    found += there ? 1 : 0;
  }
  EXPECT_EQ(found, 2 * 1 * 2 * 2 * 2 * 2) << "the product of the values in common";
  EXPECT_TRUE(map.disjoint_axes().empty());
}

TEST(PointMap, NamesTheAxesThatHaveNothingInCommon) {
  Sweep other = known_sweep();
  other.grid.depth = {Depth(4)};
  other.grid.weights = {Weights::orthogonal};
  const Sweep old = known_sweep();
  const PointMap map(old, other);
  EXPECT_EQ(map.disjoint_axes(), (std::vector<std::string>{"weights", "depth"}));
  EXPECT_FALSE(map(PointIndex(0)));
}

TEST(PointMap, EqualCoordinatesAreNotEnoughWhereTheNumbersDiffer) {
  const Sweep old = known_sweep();
  Sweep other = known_sweep();
  other.ensemble.engine = Engine::conditional;  // leaky_relu was radial, tanh is conditional anyway
  const PointMap map(old, other);
  EXPECT_EQ(map(PointIndex(0)), PointIndex(0));
  EXPECT_FALSE(map(PointIndex(other.point_count() - 1)));
}

}  // namespace
}  // namespace varprop
