// All fixed points of the forward map, and which of them a network reaches.
#include "theory/infinite_width/fixed_points.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace varprop::theory {
namespace {

std::vector<double> fixed_points(const std::string& activation, Variances variances) {
  return FixedPointFinder(Activation::parse(activation)).find(variances);
}

TEST(FixedPointFinder, LeavesNoResidual) {
  for (const std::string name : {"tanh", "erf", "gelu"}) {
    const FixedPointFinder finder(Activation::parse(name));
    for (const Variances variances :
         {Variances{0.3, 1e-9}, {1.0, 0.05}, {1.5, 0.05}, {1.9, 1e-12}, {1.999, 0.3}}) {
      for (const double q : finder.find(variances)) {
        EXPECT_LT(std::abs(finder.log_growth(variances, q)), 1e-13) << name << " " << q;
      }
      EXPECT_FALSE(finder.find(variances).empty()) << name << " " << variances.weight;
    }
  }
}

TEST(FixedPointFinder, FindsOnlyZeroUpToTheCriticalPoint) {
  EXPECT_EQ(fixed_points("tanh", {0.5, 0}), std::vector{0.0});
  EXPECT_EQ(fixed_points("tanh", {1, 0}), std::vector{0.0});
  // Here V/q rounds to 4/π on both sides of it over 290 decades.
  EXPECT_EQ(fixed_points("erf", {std::numbers::pi / 4, 0}), std::vector{0.0});
}

TEST(FixedPointFinder, FindsTheTinyFixedPointAboveCriticality) {
  const auto points = fixed_points("tanh", {1 + 1e-8, 0});
  ASSERT_EQ(points.size(), 2u);
  EXPECT_NEAR(points[1] / 5e-9, 1, 1e-4);  // V = q − 2q² + …
}

TEST(FixedPointFinder, FindsAFixedPointMadeByATinyBias) {
  const auto points = fixed_points("tanh", {0.5, 1e-200});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_NEAR(points[0] / 2e-200, 1, 1e-12);
}

TEST(FixedPointFinder, FindsThePairBetweenTwoNodesOfItsTableAtGelusHalfStablePoint) {
  // With σ_w², σ_b² rounded to 8 decimals ln(q'/q) rises to 1e-9 above zero at the half-stable q* and falls
  // again.
  const double half_stable = (3 + std::sqrt(17.0)) / 2;
  const auto points = fixed_points("gelu", {1.98305826, 0.17292239});
  ASSERT_EQ(points.size(), 3u);
  EXPECT_NEAR(points[0], 3.03501, 1e-4);
  EXPECT_LT(points[1], half_stable);
  EXPECT_GT(points[2], half_stable);
  EXPECT_NEAR(points[1] / points[2], 1, 0.02);
}

TEST(ReachedFixedPoint, IsTheNextOneInTheDirectionOfTravel) {
  const FixedPointFinder finder(Activation::parse("gelu"));
  const Variances he{2, 0};
  EXPECT_EQ(reached_fixed_point(finder, he, finder.find(he), 2.0), 0.0);
  const Variances pair{1.98305826, 0.17292239};
  const auto points = finder.find(pair);
  EXPECT_NEAR(*reached_fixed_point(finder, pair, points, 1.0), points[0], 1e-9);
  EXPECT_NEAR(*reached_fixed_point(finder, pair, points, 3.2), points[0], 1e-9);
  EXPECT_EQ(*reached_fixed_point(finder, pair, points, 0.5 * (points[1] + points[2])), points[2]);
  EXPECT_EQ(*reached_fixed_point(finder, pair, points, 50), points[2]);
}

TEST(ReachedFixedPoint, DoesNotExistWhereTheVarianceGrowsWithoutBound) {
  const FixedPointFinder finder(Activation::parse("gelu"));
  const Variances growing{3, 0};
  EXPECT_EQ(reached_fixed_point(finder, growing, finder.find(growing), 3.0), std::nullopt);
}

TEST(ReachedFixedPoint, IsWhereIterationArrives) {
  for (const std::string name : {"tanh", "erf", "gelu"}) {
    const FixedPointFinder finder(Activation::parse(name));
    for (const Variances variances : {Variances{0.7, 0.1}, {1.5, 0.05}, {1.8, 0.2}}) {
      double q = variances.weight + variances.bias;
      const auto reached = reached_fixed_point(finder, variances, finder.find(variances), q);
      for (int l = 0; l < 3000; ++l) q = variances.weight * finder.mean_field().V(q).value + variances.bias;
      ASSERT_TRUE(reached) << name;
      EXPECT_NEAR(*reached / q, 1, 1e-9) << name << " " << variances.weight;
    }
  }
}

}  // namespace
}  // namespace varprop::theory
