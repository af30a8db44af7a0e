// An even choice of a grid's points.
#include "analysis/report/grid_choice.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

using Indices = GridChoice::Indices;

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

TEST(GridChoice, KeepsEverythingThatFits) {
  const Indices shape{2, 1, 5, 2, 3, 2};
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
  const GridChoice some({4, 1, 125, 2, 25, 4}, 40000);
  EXPECT_EQ(some.shape(), (Indices{4, 1, 50, 2, 25, 4}));
  EXPECT_EQ(some.size(), 40000u);
  const GridChoice few = some.thinned(800);
  EXPECT_EQ(few.shape(), (Indices{4, 1, 5, 2, 5, 4}));
  for (std::size_t k = 0; k < few.size(); ++k) ASSERT_TRUE(some.find(few[k])) << "chosen from the chosen";
  EXPECT_EQ(few.along(2).front(), 0u);
  EXPECT_EQ(few.along(2).back(), 124u);
}

TEST(GridChoice, FindsOnlyWhatIsChosen) {
  const GridChoice some({1, 1, 100, 1, 1, 1}, 10);
  std::size_t found = 0;
  for (std::size_t x = 0; x < 100; ++x) found += some.find({0, 0, x, 0, 0, 0}).has_value();
  EXPECT_EQ(found, 10u);
}

TEST(GridChoice, OfVeryLongAxesWithoutOverflow) {
  const std::size_t huge = std::size_t{1} << 40;
  const GridChoice some({huge, 1, huge, huge, 1, 1}, 1000);
  EXPECT_EQ(some.shape(), (Indices{10, 1, 10, 10, 1, 1}));
  EXPECT_EQ(GridChoice({3, 3, 3, 3, 3, 3}, 1).size(), 1u);
}

}  // namespace
}  // namespace varprop
