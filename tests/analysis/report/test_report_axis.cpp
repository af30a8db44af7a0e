// Axes, cells and the picture.
#include "analysis/report/report_axis.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
namespace {

Grid grid_of(std::vector<double> weight_variances, std::vector<double> biases,
             std::vector<std::int64_t> widths, std::vector<std::int32_t> depths) {
  Grid grid;
  grid.activation = {Activation::parse("leaky_relu(0.2)")};
  grid.weights = {Weights::gaussian};
  for (const double x : weight_variances) grid.weight_variance.emplace_back(x);
  for (const double x : biases) grid.bias_variance.emplace_back(x);
  for (const auto n : widths) grid.width.emplace_back(n);
  for (const auto L : depths) grid.depth.emplace_back(L);
  return grid;
}

std::vector<ReportAxis> axes_of(const Grid& grid) {
  Sweep sweep;
  sweep.grid = grid;
  return report_axes(grid, GridChoice(sweep.shape(), static_cast<std::size_t>(sweep.point_count())));
}

std::pair<std::string, std::string> picture(const Grid& grid) {
  const auto axes_ = axes_of(grid);
  const Picture found = picture_of(axes_, {Quantity::forward, Quantity::backward});
  return {axes_[found.x].name, axes_[found.y].name};
}

TEST(Spacing, IsToldFromTheValues) {
  EXPECT_EQ(spacing_of({1, 2, 3, 4}), Spacing::linear);
  EXPECT_EQ(spacing_of({16, 64, 256}), Spacing::log);
  EXPECT_EQ(spacing_of({64, 96, 128, 192, 256, 384, 512}), Spacing::log);
  EXPECT_EQ(spacing_of({0, 1, 10, 100}), Spacing::linear) << "0 has no logarithm";
  EXPECT_EQ(spacing_of({64, 128}), Spacing::linear);
  EXPECT_EQ(spacing_of({10, 50}), Spacing::log);
  EXPECT_EQ(spacing_of({7}), Spacing::linear);
  EXPECT_EQ(spacing_of({}), Spacing::linear);
}

TEST(CellEnds, AreHalfWayToTheNeighbours) {
  EXPECT_EQ(cell_ends({1, 2, 4}, Spacing::linear), (std::vector<double>{0.5, 1.5, 3, 5}));
  EXPECT_EQ(cell_ends({0, 0.1}, Spacing::linear), (std::vector<double>{0, 0.05, 0.15000000000000002}))
      << "no variance is below 0";
  const auto log = cell_ends({16, 64, 1024}, Spacing::log);
  ASSERT_EQ(log.size(), 4u);
  EXPECT_NEAR(log[0], 8, 1e-9);
  EXPECT_NEAR(log[1], 32, 1e-9);
  EXPECT_NEAR(log[2], 256, 1e-9);
  EXPECT_NEAR(log[3], 4096, 1e-6);
}

TEST(CellEnds, OfASingleValueSurroundIt) {
  for (const double x : {0.0, 0.05, 1.0, 1e9}) {
    const auto ends = cell_ends({x}, Spacing::linear);
    ASSERT_EQ(ends.size(), 2u);
    EXPECT_LE(ends[0], x);
    EXPECT_GT(ends[1], x);
    EXPECT_GE(ends[0], 0);
  }
}

TEST(ReportAxis, TellsTheSweepsOwnWords) {
  const auto axes_ = axes_of(grid_of({0.1, 1.0 / 3}, {0}, {64}, {10, 50}));
  ASSERT_EQ(axes_.size(), axis_count);
  EXPECT_TRUE(axes_[0].words());
  EXPECT_EQ(
      axes_[0].json().dump(),
      R"j({"name":"activation","symbol":"φ","label":"activation φ","scale":"linear","values":["leaky_relu(0.2)"]})j");
  EXPECT_EQ(
      axes_[2].json().dump(),
      R"({"name":"weight_variance","symbol":"σ_w²","label":"weight variance σ_w²","scale":"linear","values":[0.1,0.3333333333333333]})")
      << "coordinates are exact";
  EXPECT_EQ(axes_[5].json()["values"].dump(), "[10,50]");
}

TEST(Picture, IsTheVariancesOrTheLongestAxes) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(picture(grid_of({1, 2, 3}, {0, 1, 2}, {1, 2, 3, 4, 5}, {1})),
            Pair("weight_variance", "bias_variance"));
  EXPECT_EQ(picture(grid_of({1, 2, 3}, {0, 1}, {1, 2, 3, 4, 5}, {1})), Pair("weight_variance", "width"));
  EXPECT_EQ(picture(grid_of({1, 2, 3}, {0, 1}, {64, 128, 256}, {8, 16, 32})),
            Pair("weight_variance", "width"));
  EXPECT_EQ(picture(grid_of({2}, {0}, {64, 128}, {8, 16})), Pair("width", "depth"));
  EXPECT_EQ(picture(grid_of({2}, {0}, {64}, {8})), Pair("weight_variance", "bias_variance"))
      << "a grid of one point";
}

}  // namespace
}  // namespace varprop
