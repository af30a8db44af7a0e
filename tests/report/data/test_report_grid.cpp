// An even choice of a grid's points.
// Axes, cells and the picture.

#include <gtest/gtest.h>
#include <cmath>

#include "report/data/report_grid.hpp"

namespace varprop::report {
using namespace analysis;

namespace {

using Indices = GridIndices;

TEST(EvenlyChosen, HasBothEndsAndEvenSteps) {
  EXPECT_EQ(evenly_chosen(10, 10), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(evenly_chosen(101, 3), (std::vector<std::size_t>{0, 50, 100}));
  EXPECT_EQ(evenly_chosen(7, 2), (std::vector<std::size_t>{0, 6}));
  EXPECT_EQ(evenly_chosen(7, 1), (std::vector<std::size_t>{3}));
  for (std::size_t extent = 2; extent < 60; ++extent) {
    for (std::size_t count = 2; count <= extent; ++count) {
      const auto chosen = evenly_chosen(extent, count);
      ASSERT_EQ(chosen.front(), 0u);
      ASSERT_EQ(chosen.back(), extent - 1);
      const std::size_t step = (extent - 1) / (count - 1);
      for (std::size_t i = 1; i < count; ++i) {
        const std::size_t taken = chosen[i] - chosen[i - 1];
        ASSERT_TRUE(taken == step || taken == step + 1) << extent << ' ' << count;
      }
    }
  }
}

/// The extents of the first axes; 1 along newer ones.
Indices with_one_of_newer(Indices shape) {
  for (std::size_t axis = 6; axis < shape.size(); ++axis) shape[axis] = 1;
  return shape;
}

TEST(GridChoice, KeepsEverythingThatFits) {
  const Indices shape = with_one_of_newer({2, 1, 5, 2, 3, 2});
  const GridChoice all(shape, 120);
  EXPECT_EQ(all.size(), 120u);
  EXPECT_EQ(all.shape(), shape);
  std::size_t k = 0;
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t x = 0; x < 5; ++x)
      for (std::size_t b = 0; b < 2; ++b)
        for (std::size_t n = 0; n < 3; ++n)
          for (std::size_t L = 0; L < 2; ++L, ++k) {
            const Indices at{a, 0, x, b, n, L};
            ASSERT_EQ(all[k], at);
            ASSERT_EQ(all.find(at), k);
          }
}

TEST(GridChoice, ThinsTheLongestAxesFirst) {
  const GridChoice some(with_one_of_newer({4, 1, 125, 2, 25, 4}), 40000);
  EXPECT_EQ(some.shape(), with_one_of_newer({4, 1, 50, 2, 25, 4}));
  EXPECT_EQ(some.size(), 40000u);
  const GridChoice few = some.thinned(800);
  EXPECT_EQ(few.shape(), with_one_of_newer({4, 1, 5, 2, 5, 4}));
  for (std::size_t k = 0; k < few.size(); ++k) ASSERT_TRUE(some.find(few[k])) << "chosen from the chosen";
  EXPECT_EQ(few.along(2).front(), 0u);
  EXPECT_EQ(few.along(2).back(), 124u);
}

TEST(GridChoice, FindsOnlyWhatIsChosen) {
  const GridChoice some(with_one_of_newer({1, 1, 100, 1, 1, 1}), 10);
  std::size_t found = 0;
  for (std::size_t x = 0; x < 100; ++x) found += some.find({0, 0, x, 0, 0, 0}).has_value();
  EXPECT_EQ(found, 10u);
}

TEST(GridChoice, OfVeryLongAxesWithoutOverflow) {
  const std::size_t huge = std::size_t{1} << 40;
  const GridChoice some(with_one_of_newer({huge, 1, huge, huge, 1, 1}), 1000);
  EXPECT_EQ(some.shape(), with_one_of_newer({10, 1, 10, 10, 1, 1}));
  EXPECT_EQ(GridChoice(with_one_of_newer({3, 3, 3, 3, 3, 3}), 1).size(), 1u);
}

Grid grid_of(std::vector<double> weight_variances, std::vector<double> biases,
             std::vector<std::int64_t> widths, std::vector<std::int32_t> depths) {
  Grid grid;
  grid.activation = {Activation::parse("leaky_relu(0.2)")};
  grid.weights = {WeightDistribution::gaussian};
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

TEST(Picture, HasTheColoursOfWhatWasMeasured) {
  const auto axes_ = axes_of(grid_of({1, 2, 3}, {0}, {64}, {8, 16, 32}));
  using enum Quantity;
  EXPECT_EQ(picture_of(axes_, {forward, backward, correlation}).quantity, backward);
  EXPECT_EQ(picture_of(axes_, {forward, correlation}).quantity, forward);
  EXPECT_EQ(picture_of(axes_, {correlation}).quantity, correlation);
  EXPECT_EQ(picture_of(axes_, {weight_gradient}).quantity, backward);
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

}  // namespace varprop::report
