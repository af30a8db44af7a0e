// Magnitudes behave like doubles, and go on where doubles end.
#include "core/math/magnitude.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace varprop {
namespace {

Magnitude of(double x) {
  return Magnitude::from(x);
}

TEST(Magnitude, ArithmeticEqualsThatOfDoubles) {
  const double values[] = {1.0, 0.3, 7.25, 1e-300, 1e300, 123456.789, 5e-324};
  for (const double x : values) {
    EXPECT_EQ(of(x).to_double(), x);
    for (const double y : {0.7, 3.0, 1e5}) {
      if (x > 1e-300) {
        EXPECT_EQ((of(x) / of(y)).to_double(), x / y);
      }
      EXPECT_EQ((of(x) + of(y)).to_double(), x + y);
      if (x < 1e300 && x > 1e-300) {
        EXPECT_EQ((of(x) * of(y)).to_double(), x * y);
      }
    }
    if (x > 1e-300) {
      EXPECT_EQ(of(x).square_root().to_double(), std::sqrt(x));
    }
  }
}

TEST(Magnitude, NeverLeavesItsRange) {
  Magnitude x = of(8);
  for (int i = 0; i < 20000; ++i) x = x * of(8.0);
  EXPECT_NEAR(x.ln(), 20001 * std::log(8.0), 1e-9);
  Magnitude y = of(1);
  for (int i = 0; i < 20000; ++i) y = y / of(8.0);
  EXPECT_NEAR(y.ln(), -20000 * std::log(8.0), 1e-9);
  EXPECT_NEAR((x * y).to_double(), 8, 1e-12);
  EXPECT_EQ(x.to_double(), HUGE_VAL);
  EXPECT_EQ(y.to_double(), 0);
}

TEST(Magnitude, LogarithmIsAccurateEverywhere) {
  for (double x = 1e-308; x < 1e300; x *= 1.37) {
    const long double exact = std::log(static_cast<long double>(x));
    const double tolerance = 4e-16 * std::max(0.5, std::fabs(static_cast<double>(exact)));
    ASSERT_NEAR(of(x).ln(), static_cast<double>(exact), tolerance) << x;
  }
}

TEST(Magnitude, ExponentialIsAccurateAsFarAsItsArgumentIs) {
  for (double x = 1e-20; x < 1e18; x *= 1.37) {
    for (const double y : {x, -x}) {
      ASSERT_NEAR(Magnitude::exp(y).ln(), y, 4e-16 * std::max(1.0, x)) << y;
      ASSERT_GT(split_exp(y).mantissa, 0.49) << y;
      ASSERT_LT(split_exp(y).mantissa, 2.02) << y;
      if (x < 700) {
        const long double exact = std::exp(static_cast<long double>(y));
        ASSERT_NEAR(static_cast<double>(Magnitude::exp(y).to_double() / exact), 1, 3e-16 * (1 + x)) << y;
      }
    }
  }
  EXPECT_EQ(Magnitude::exp(0).to_double(), 1);
}

TEST(Magnitude, ThrowsBeyondItsRangeInsteadOfOverflowing) {
  const Magnitude large = Magnitude::exp(9e17), small = Magnitude::exp(-9e17);
  EXPECT_THROW(large * large * large, std::range_error);
  EXPECT_THROW(small * small * small, std::range_error);
  EXPECT_THROW(large * large / small, std::range_error);
}

TEST(Magnitude, ZeroIsNeutralInSumsAndAbsorbsProducts) {
  const Magnitude zero;
  EXPECT_TRUE(zero.zero());
  EXPECT_TRUE((zero * of(3)).zero());
  EXPECT_TRUE((zero / of(3)).zero());
  EXPECT_TRUE(zero.square_root().zero());
  EXPECT_EQ((zero + of(3)).to_double(), 3);
  EXPECT_EQ((of(3) + zero).to_double(), 3);
  EXPECT_EQ(zero.ln(), -HUGE_VAL);
}

TEST(Magnitude, KnowsItsPowerOfTwo) {
  EXPECT_TRUE(of(0.99).below_power(0));
  EXPECT_FALSE(of(1).below_power(0));
  EXPECT_TRUE(Magnitude().below_power(-1000));
}

}  // namespace
}  // namespace varprop
