// The grid of listed points: one for every order of theirs, and a product where they are all combinations.
#include "core/sweep/listed_grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/sweep/sweep.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

/// Points by activation and width, all of depth 4 and variance 1.
ListedPoints points(const std::vector<std::pair<std::string, std::int64_t>>& all) {
  ListedPoints listed;
  Grid& values = listed.values;
  values.weights = {WeightDistribution::gaussian};
  values.weight_variance = {WeightVariance(1)};
  values.bias_variance = {BiasVariance(0)};
  values.depth = {Depth(4)};
  for (const auto& [activation, width] : all) {
    GridIndices at{};
    at[axis_position<Activation>] = values.activation.size();
    at[axis_position<Width>] = values.width.size();
    values.activation.push_back(Activation::parse(activation));
    values.width.emplace_back(width);
    listed.places.push_back(at);
  }
  return listed;
}

TEST(ListedGrid, IsTheSameForEveryOrder) {
  const Grid one = grid_of(points({{"tanh", 8}, {"relu", 64}, {"tanh", 16}}));
  const Grid other = grid_of(points({{"relu", 64}, {"tanh", 16}, {"tanh", 8}}));
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.point_count(), 3);
  Sweep a, b;
  a.grid = one;
  b.grid = other;
  EXPECT_EQ(identity(a), identity(b));
  b.grid = grid_of(points({{"relu", 16}, {"tanh", 64}, {"tanh", 8}}));  // the same values along every axis
  EXPECT_NE(identity(a), identity(b));
}

TEST(ListedGrid, IsAProductWhereItHasEveryCombination) {
  const Grid grid = grid_of(points({{"tanh", 8}, {"relu", 16}, {"tanh", 16}, {"relu", 8}}));
  EXPECT_TRUE(grid.is_product());
  EXPECT_EQ(grid.width, (std::vector<Width>{Width(8), Width(16)}));
  EXPECT_EQ(grid.activation.front().text(), "relu");
}

TEST(ListedGrid, RefusesAPointTwice) {
  const std::string sentence = thrown_by([] { grid_of(points({{"tanh", 8}, {"relu", 8}, {"tanh", 8}})); });
  EXPECT_NE(sentence.find("the point tanh, gaussian, weight_variance 1, bias_variance 0, width 8, depth 4"),
            std::string::npos)
      << sentence;
}

TEST(ListedGrid, ForgetsValuesThatNoPointHas) {
  ListedPoints listed = points({{"tanh", 8}, {"relu", 64}});
  listed.values.width.emplace_back(5);
  EXPECT_EQ(grid_of(listed).width, (std::vector<Width>{Width(8), Width(64)}));
}

}  // namespace
}  // namespace varprop
