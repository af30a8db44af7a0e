// Means and standard errors.
// Student t intervals, and distances to theory as normal deviates.
//
// Seen red: with the normal in place of Student's law, with the sign of z turned.

#include <gtest/gtest.h>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/statistics/estimate.hpp"

namespace varprop::analysis {

namespace {

TEST(MeanOf, IsTheMeanWithItsStandardErrorAndSkipsNaN) {
  const auto estimate = mean_of(std::vector<double>{1.0, NAN, 2.0, 6.0});
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->degrees_of_freedom, 2);
  EXPECT_DOUBLE_EQ(estimate->value, 3);
  EXPECT_DOUBLE_EQ(*estimate->error, std::sqrt(7.0 / 3));  // unbiased variance (4+1+9)/2 = 7
}

TEST(MeanOf, HasNoErrorForOneValueAndNothingForNone) {
  EXPECT_EQ(mean_of(std::vector{5.0})->error, std::nullopt);
  EXPECT_FALSE(mean_of(std::vector<double>{NAN}));
  EXPECT_FALSE(mean_of(std::vector<double>{}));
}

TEST(MeanOf, IsInfiniteWithOneInfiniteValue) {
  const auto mean = mean_of(std::vector<double>{1, HUGE_VAL, 2, HUGE_VAL, NAN});
  ASSERT_TRUE(mean);
  EXPECT_EQ(mean->value, HUGE_VAL);
  EXPECT_FALSE(mean->error);
}

TEST(MeanOf, KeepsItsDigitsFarFromZero) {
  const auto estimate = mean_of(std::vector{1e9 + 1, 1e9 + 2, 1e9 + 3});
  EXPECT_NEAR(*estimate->error, 1 / std::sqrt(3.0), 1e-9);
}

/// Batches that are all alike know their mean no better than they were rounded. Seen red: without the floor.
TEST(MeanOf, IsNoSurerThanItsRounding) {
  const double rounding = log_rounding(33, 30);
  EXPECT_NEAR(rounding, 63 * 0x1p-52, 1e-20);
  const auto estimate = mean_of(std::vector{1.0, 1.0, 1.0}, rounding);
  EXPECT_EQ(*estimate->error, rounding);
  EXPECT_LT(std::abs(*z_score(*estimate, std::nextafter(1.0, 2.0))), 1);
  EXPECT_DOUBLE_EQ(*mean_of(std::vector{0.0, 1.0, 2.0}, rounding)->error, 1 / std::sqrt(3.0));
}

TEST(ConfidenceInterval, IsStudentsT) {
  const auto interval = confidence_interval({10, 1.0, 2});
  EXPECT_NEAR(interval->high - 10, 4.302653, 1e-6);  // t(0.975, 2)
  EXPECT_NEAR(10 - interval->low, 4.302653, 1e-6);
  EXPECT_NEAR(confidence_interval({0, 2.0, 15})->high, 2 * 2.131450, 1e-5);  // t(0.975, 15)
}

TEST(ConfidenceInterval, NeedsThreeValues) {
  EXPECT_FALSE(confidence_interval({10, 1.0, 1}));
  EXPECT_FALSE(confidence_interval({10, std::nullopt, 0}));
}

TEST(ZScore, IsTheNormalDeviateAsRareAsT) {
  // P(|T_2| ≥ 4.302653) = 0.05 = P(|Z| ≥ 1.959964)
  EXPECT_NEAR(*z_score({4.302653, 1.0, 2}, 0), 1.959964, 1e-6);
  EXPECT_NEAR(*z_score({-4.302653, 1.0, 2}, 0), -1.959964, 1e-6);
  EXPECT_NEAR(*z_score({5, 2.0, 1e9}, 1), 2, 1e-6);
}

TEST(ZScore, CountsHalfOfWhatTheoryNeglectsAsAnError) {
  EXPECT_NEAR(*z_score({5, 3.0, 1e9}, 0, 8), 1, 1e-6);
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

}  // namespace varprop::analysis
