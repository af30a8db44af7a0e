// Every boundary between regimes.
#include "analysis/regimes.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
namespace {

constexpr double F = 100;
const double edge = std::log(F);
constexpr double step = 1e-9;

Regime regime(double low, double high, double share_in_range = 1, double extinct_share = 0) {
  return classify({extinct_share, share_in_range, Interval{low, high}}, F);
}

TEST(Classify, VanishingEndsWhereTheIntervalTouchesTheEdge) {
  EXPECT_EQ(regime(-9, -edge - step), Regime::vanishing);
  EXPECT_EQ(regime(-9, -edge + step), Regime::undecided);
}

TEST(Classify, ExplodingBeginsWhereTheIntervalLeavesTheEdge) {
  EXPECT_EQ(regime(edge + step, 9), Regime::exploding);
  EXPECT_EQ(regime(edge - step, 9), Regime::undecided);
}

TEST(Classify, StableNeedsTheWholeIntervalInside) {
  EXPECT_EQ(regime(-edge + step, edge - step), Regime::stable);
  EXPECT_EQ(regime(-edge - step, edge - step), Regime::undecided);
  EXPECT_EQ(regime(-edge + step, edge + step), Regime::undecided);
  EXPECT_EQ(regime(-edge, 0), Regime::undecided);
  EXPECT_EQ(regime(0, edge), Regime::undecided);
}

TEST(Classify, ErraticIsStableInTheMeanOnly) {
  EXPECT_EQ(regime(-1, 1, 0.9), Regime::stable);
  EXPECT_EQ(regime(-1, 1, 0.9 - step), Regime::erratic);
  EXPECT_EQ(regime(-9, -5, 0.0), Regime::vanishing);
  EXPECT_EQ(regime(-9, 0, 0.0), Regime::undecided);
}

TEST(Classify, ExtinctComesFirst) {
  EXPECT_EQ(regime(-1, 1, 1, 0.1), Regime::stable);
  EXPECT_EQ(regime(-1, 1, 1, 0.1 + step), Regime::extinct);
  EXPECT_EQ(regime(9, 10, 0, 0.2), Regime::extinct);
  EXPECT_EQ(classify({1.0, 0.0, std::nullopt}, F), Regime::extinct);
}

TEST(Classify, IsUndecidedWithoutAnInterval) {
  EXPECT_EQ(classify({0, 1, std::nullopt}, F), Regime::undecided);
}

TEST(Classify, FollowsTheFactor) {
  const TotalChange change{0, 1, Interval{2, 2.2}};
  EXPECT_EQ(classify(change, 100), Regime::stable);
  EXPECT_EQ(classify(change, 5), Regime::exploding);
}

TEST(Combine, TakesTheSevererInTheStatedOrder) {
  const std::vector<Regime> order{Regime::extinct, Regime::exploding, Regime::vanishing,
                                  Regime::erratic, Regime::undecided, Regime::stable};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i; j < order.size(); ++j) {
      EXPECT_EQ(combine(order[i], order[j]), order[i]);
      EXPECT_EQ(combine(order[j], order[i]), order[i]);
    }
    EXPECT_EQ(combine(order[i], std::nullopt), order[i]);
    EXPECT_EQ(combine(std::nullopt, order[i]), order[i]);
  }
  EXPECT_EQ(combine(std::nullopt, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace varprop
