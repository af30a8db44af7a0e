// Student t intervals, and distances to theory as normal deviates.
//
// Seen red: with the normal in place of Student's law, with the sign of z turned.
#include "analysis/parameter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace varprop {
namespace {

TEST(ConfidenceInterval, IsStudentsT) {
  const auto interval = confidence_interval(parameter_of({3, 10, 1.0}));
  EXPECT_NEAR(interval->high - 10, 4.302653, 1e-6);  // t(0.975, 2)
  EXPECT_NEAR(10 - interval->low, 4.302653, 1e-6);
  EXPECT_NEAR(confidence_interval(parameter_of({16, 0, 2.0}))->high, 2 * 2.131450, 1e-5);  // t(0.975, 15)
}

TEST(ConfidenceInterval, NeedsThreeValues) {
  EXPECT_FALSE(confidence_interval(parameter_of({2, 10, 1.0})));
  EXPECT_FALSE(confidence_interval(parameter_of({1, 10, std::nullopt})));
}

TEST(ZScore, IsTheNormalDeviateAsRareAsT) {
  // P(|T_2| ≥ 4.302653) = 0.05 = P(|Z| ≥ 1.959964)
  EXPECT_NEAR(*z_score({4.302653, 1.0, 2}, 0), 1.959964, 1e-6);
  EXPECT_NEAR(*z_score({-4.302653, 1.0, 2}, 0), -1.959964, 1e-6);
  EXPECT_NEAR(*z_score({5, 2.0, 1e9}, 1), 2, 1e-6);
}

TEST(ZScore, IsFiniteHoweverFar) {
  EXPECT_EQ(*z_score({1, 0.0, 5}, 1), 0);
  EXPECT_NEAR(*z_score({2, 0.0, 5}, 1), 37, 0.1);
  EXPECT_NEAR(*z_score({-1e9, 1.0, 1e6}, 1), -37, 0.1);
}

TEST(ZScore, NeedsAnError) {
  EXPECT_FALSE(z_score({1, std::nullopt, 5}, 1));
  EXPECT_FALSE(z_score({1, 1.0, 1}, 1));
}

}  // namespace
}  // namespace varprop
