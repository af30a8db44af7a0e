// Means and standard errors.
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

}  // namespace
}  // namespace varprop
