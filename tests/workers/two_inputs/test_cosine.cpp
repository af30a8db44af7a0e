// The cosine of u and u + e, against plain long-double arithmetic, and where doubles would have lost it.
#include "workers/two_inputs/cosine.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
namespace {

using namespace workers;

DifferenceGeometry geometry(double u, double e, double cosine) {
  return {Magnitude::from(u * u), Magnitude::from(e * e), cosine, 1 - cosine * cosine};
}

/// 1 − cos of (u, 0) and (u + e cosine, e sine).
long double distance(long double u, long double e, long double cosine) {
  const long double x = u + e * cosine, y = e * std::sqrt(1 - cosine * cosine);
  const long double norm = std::hypot(x, y);
  return x > 0 ? y * y / (norm * (norm + x)) : 1 - x / norm;
}

TEST(Cosine, EqualsPlainArithmetic) {
  for (const double u : {0.3, 1.0, 70.0}) {
    for (const double e : {1e-9, 0.01, 0.7, 3.0, 1e6}) {
      for (const double cosine : {-0.999, -0.5, 0.0, 0.2, 0.9}) {
        const auto c = cosine_of(geometry(u, e, cosine));
        ASSERT_TRUE(c);
        const auto expected = static_cast<double>(distance(u, e, cosine));
        EXPECT_NEAR(c->distance.to_double() / expected, 1, 1e-12) << u << " " << e << " " << cosine;
        EXPECT_NEAR(c->value, 1 - expected, 1e-14);
      }
    }
  }
}

TEST(Cosine, KeepsItsDistanceFromOneBelowTheRangeOfDoubles) {
  const Magnitude tiny = Magnitude::from(1e-300) * Magnitude::from(1e-300);
  const auto c = cosine_of({Magnitude::from(1), tiny, 0.6, 0.64});
  ASSERT_TRUE(c);
  EXPECT_EQ(c->value, 1);
  EXPECT_NEAR(c->distance.ln(), std::log(0.32) + 2 * std::log(1e-300), 1e-10);
}

TEST(Cosine, IsOneWithoutADifferenceAndNothingWithoutAVector) {
  const auto equal = cosine_of({Magnitude::from(2), Magnitude()});
  ASSERT_TRUE(equal);
  EXPECT_EQ(equal->value, 1);
  EXPECT_TRUE(equal->distance.zero());
  EXPECT_FALSE(cosine_of({Magnitude(), Magnitude::from(1)}));
  EXPECT_FALSE(cosine_of({Magnitude::from(1), Magnitude::from(1), -1, 0})) << "u + e = 0";
}

TEST(Cosine, OfOppositeVectorsIsMinusOne) {
  const auto c = cosine_of({Magnitude::from(1), Magnitude::from(4), -1, 0});
  ASSERT_TRUE(c);
  EXPECT_EQ(c->value, -1);
  EXPECT_EQ(c->distance.to_double(), 2);
}

TEST(DifferenceGeometry, OfOneElementIsParallel) {
  const auto one =
      DifferenceGeometry::from_sums(4, -2.0000000001, 1, Magnitude::from(1), Magnitude::from(1), 1);
  EXPECT_EQ(one.cosine, -1);
  EXPECT_EQ(one.squared_sine, 0);
}

}  // namespace
}  // namespace varprop
