// Means, standard errors and Student t intervals.
#include "analysis/sample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace varprop {
namespace {

TEST(MeanOf, IsTheMeanWithItsStandardErrorAndSkipsNaN) {
  const auto estimate = mean_of(std::vector<double>{1.0, NAN, 2.0, 6.0});
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->count, 3);
  EXPECT_DOUBLE_EQ(estimate->mean, 3);
  EXPECT_DOUBLE_EQ(*estimate->error, std::sqrt(7.0 / 3));  // unbiased variance (4+1+9)/2 = 7
}

TEST(MeanOf, HasNoErrorForOneValueAndNothingForNone) {
  EXPECT_EQ(mean_of(std::vector{5.0})->error, std::nullopt);
  EXPECT_FALSE(mean_of(std::vector<double>{NAN}));
  EXPECT_FALSE(mean_of(std::vector<double>{}));
}

TEST(MeanOf, KeepsItsDigitsFarFromZero) {
  const auto estimate = mean_of(std::vector{1e9 + 1, 1e9 + 2, 1e9 + 3});
  EXPECT_NEAR(*estimate->error, 1 / std::sqrt(3.0), 1e-9);
}

TEST(ConfidenceInterval, IsStudentsT) {
  const auto interval = confidence_interval({3, 10, 1.0});
  EXPECT_NEAR(interval->high - 10, 4.302653, 1e-6);  // t(0.975, 2)
  EXPECT_NEAR(10 - interval->low, 4.302653, 1e-6);
  EXPECT_NEAR(confidence_interval({16, 0, 2.0})->high, 2 * 2.131450, 1e-5);  // t(0.975, 15)
}

TEST(ConfidenceInterval, NeedsThreeValues) {
  EXPECT_FALSE(confidence_interval({2, 10, 1.0}));
  EXPECT_FALSE(confidence_interval({1, 10, std::nullopt}));
}

}  // namespace
}  // namespace varprop
