// Log moments against their definitions, merging, extinction and numbers beyond doubles.
#include "core/math/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
namespace {

LogMoments collect(std::initializer_list<double> values) {
  LogMoments moments;
  for (const double x : values) moments.add(Magnitude::from(x));
  return moments;
}

TEST(LogMoments, EqualTheirDefinitions) {
  const auto moments = collect({1, std::exp(1.0), std::exp(3.0)});
  EXPECT_NEAR(moments.log_mean(), 4.0 / 3, 1e-15);
  EXPECT_NEAR(moments.log_variance(), (16.0 / 9 + 1.0 / 9 + 25.0 / 9) / 2, 1e-14);
  EXPECT_NEAR(moments.log_of_mean(), std::log((1 + std::exp(1.0) + std::exp(3.0)) / 3), 1e-15);
}

TEST(LogMoments, ExtinctSamplesCountInTheArithmeticMeanOnly) {
  const auto moments = collect({2, 0, 2, 0});
  EXPECT_EQ(moments.extinct(), 2);
  EXPECT_EQ(moments.count(), 2);
  EXPECT_NEAR(moments.log_mean(), std::log(2.0), 1e-15);
  EXPECT_NEAR(moments.log_of_mean(), 0, 1e-15);
}

TEST(LogMoments, AreNanWithTooFewSurvivors) {
  EXPECT_TRUE(std::isnan(collect({}).log_mean()));
  EXPECT_TRUE(std::isnan(collect({0}).log_of_mean()));
  EXPECT_TRUE(std::isnan(collect({3, 0}).log_variance()));
  EXPECT_FALSE(std::isnan(collect({3, 0}).log_mean()));
}

/// Seen red: with infinity among the logarithms, whose mean is no number.
TEST(LogMoments, OneInfiniteSampleMakesTheMeansInfinite) {
  LogMoments moments = collect({1, 0});
  moments.add(Magnitude::infinity());
  moments.add(Magnitude::infinity());
  LogMoments merged = collect({2});
  merged.merge(moments);
  for (const LogMoments& all : {moments, merged}) {
    EXPECT_EQ(all.log_mean(), HUGE_VAL);
    EXPECT_EQ(all.log_of_mean(), HUGE_VAL);
    EXPECT_TRUE(std::isnan(all.log_variance()));
    EXPECT_EQ(all.extinct(), 1);
  }
  EXPECT_EQ(moments.count(), 3);
}

TEST(LogMoments, MergingEqualsAddingOneByOne) {
  auto left = collect({1, 5, 0.25, 0});
  const auto right = collect({7, 0, 1e-3});
  const auto all = collect({1, 5, 0.25, 0, 7, 0, 1e-3});
  left.merge(right);
  EXPECT_EQ(left.count(), all.count());
  EXPECT_EQ(left.extinct(), all.extinct());
  EXPECT_NEAR(left.log_mean(), all.log_mean(), 1e-15);
  EXPECT_NEAR(left.log_variance(), all.log_variance(), 1e-13);
  EXPECT_NEAR(left.log_of_mean(), all.log_of_mean(), 1e-15);
  LogMoments empty;
  empty.merge(all);
  EXPECT_EQ(empty.log_mean(), all.log_mean());
}

TEST(LogMoments, HoldFarBeyondTheRangeOfDoubles) {
  Magnitude huge = Magnitude::from(1e300);
  huge = huge * huge * huge;
  LogMoments moments;
  moments.add(huge);
  moments.add(huge * Magnitude::from(std::exp(2.0)));
  EXPECT_NEAR(moments.log_mean(), 900 * std::log(10.0) + 1, 1e-9);
  EXPECT_NEAR(moments.log_variance(), 2, 1e-9);
}

}  // namespace
}  // namespace varprop
