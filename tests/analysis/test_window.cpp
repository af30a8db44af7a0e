// Which layers a rate is measured over.
#include "analysis/window.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace varprop {
namespace {

std::vector<std::int32_t> all_layers(std::int32_t depth) {
  std::vector<std::int32_t> layers(static_cast<std::size_t>(depth));
  std::iota(layers.begin(), layers.end(), 1);
  return layers;
}

std::pair<std::int32_t, std::int32_t> window_layers(const std::vector<std::int32_t>& layers,
                                                    std::int32_t depth, double transient, WindowEnds ends) {
  const auto window = find_window(layers, depth, transient, ends);
  return window ? std::pair{layers[window->first], layers[window->last]} : std::pair{0, 0};
}

TEST(FindWindow, KeepsSixTransientsFromTheInput) {
  EXPECT_EQ(window_layers(all_layers(64), 64, 0.0, WindowEnds::input), std::pair(1, 64));
  EXPECT_EQ(window_layers(all_layers(64), 64, 2.0, WindowEnds::input), std::pair(12, 64));
  EXPECT_EQ(window_layers(all_layers(64), 64, 2.01, WindowEnds::input), std::pair(13, 64));
}

TEST(FindWindow, KeepsAsFarFromTheOutputForTheGradient) {
  EXPECT_EQ(window_layers(all_layers(64), 64, 0.0, WindowEnds::both), std::pair(1, 64));
  EXPECT_EQ(window_layers(all_layers(64), 64, 2.0, WindowEnds::both), std::pair(12, 52));
  EXPECT_EQ(window_layers(all_layers(64), 64, 2.01, WindowEnds::both), std::pair(13, 51));
}

TEST(FindWindow, IsAtLeastEightLayersWide) {
  EXPECT_EQ(window_layers(all_layers(8), 8, 0.0, WindowEnds::both), std::pair(1, 8));
  EXPECT_EQ(window_layers(all_layers(19), 19, 2.0, WindowEnds::input), std::pair(12, 19));
  EXPECT_FALSE(find_window(all_layers(7), 7, 0.0, WindowEnds::both));
  EXPECT_FALSE(find_window(all_layers(18), 18, 2.0, WindowEnds::input));
  EXPECT_FALSE(find_window(all_layers(4), 4, 2.0, WindowEnds::both));
  EXPECT_FALSE(find_window(all_layers(18), 18, 2.0, WindowEnds::input).reason().empty());
}

TEST(FindWindow, CountsLayersThatAreNotRecorded) {
  EXPECT_EQ(window_layers({1, 20, 40, 64}, 64, 2.0, WindowEnds::both), std::pair(20, 40));
  EXPECT_FALSE(find_window(std::vector{1, 20, 64}, 64, 2.0, WindowEnds::both));
}

TEST(FindWindow, DoesNotExistWithoutATransient) {
  const auto window =
      find_window(all_layers(64), 64, Reasoned<double>::none("infinite: chi_q = 1"), WindowEnds::input);
  EXPECT_FALSE(window);
  EXPECT_NE(window.reason().find("chi_q = 1"), std::string::npos);
}

/// Seen red: with the onset left out.
TEST(FindWindow, WaitsForTheLastCourseOfTheSignal) {
  const auto layers = all_layers(64);
  const auto window = find_window(layers, 64, 2.0, WindowEnds::both, 20);
  ASSERT_TRUE(window);
  EXPECT_EQ(std::pair(layers[window->first], layers[window->last]), std::pair(28, 52));
  EXPECT_NE(find_window(layers, 64, 2.0, WindowEnds::both, 40).reason().find("last course"),
            std::string::npos);
}

}  // namespace
}  // namespace varprop
