// Every boundary between regimes, and why a variance leaves its range.
//
// Seen red: with the sign of the regime left out, with no power law asked for.

#include <gtest/gtest.h>
#include <cmath>

#include "analysis/points/predictions.hpp"
#include "analysis/points/regimes.hpp"

namespace varprop::analysis {
using namespace theory;

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

std::optional<Cause> cause(const std::string& activation, double weight_variance, double bias_variance,
                           std::int64_t width, std::int32_t depth, Quantity quantity, Regime regime,
                           std::optional<double> measured_rate = std::nullopt,
                           WeightDistribution weights = WeightDistribution::gaussian) {
  const Point point{Activation::parse(activation), weights,      WeightVariance(weight_variance),
                    BiasVariance(bias_variance),   Width(width), Depth(depth)};
  Predictions predictions{NetworkSettings{}};
  return cause_of(regime, quantity, point, predictions(point), measured_rate, 100);
}

constexpr auto forward = Quantity::forward, backward = Quantity::backward;
constexpr auto vanishing = Regime::vanishing, exploding = Regime::exploding;

/// The change is counted from the input's own mean square.
TEST(Cause, OfAFixedPointIsItsDistanceFromTheInput) {
  const Point point{Activation::parse("tanh"),
                    WeightDistribution::gaussian,
                    WeightVariance(2),
                    BiasVariance(0.05),
                    Width(64),
                    Depth(50)};
  const auto cause_from = [&](double mean_square) {
    Predictions predictions{NetworkSettings{.input_mean_square = mean_square}};
    return cause_of(mean_square > 1 ? vanishing : exploding, forward, point, predictions(point), std::nullopt,
                    100, mean_square);
  };
  EXPECT_EQ(cause_from(1e4), Cause::fixed_point);
  EXPECT_EQ(cause_from(1e-4), Cause::fixed_point);
}

/// Of uniform weights theory knows no rate at width n; the sweep has one, −0.152 over all 150 layers. Seen
/// red: "transient", while the measured rate was not asked.
TEST(Cause, IsTheMeasuredRateWhereTheoryHasNone) {
  const auto of_uniform = [](std::optional<double> measured) {
    return cause("relu", 2, 0, 16, 150, backward, vanishing, measured, WeightDistribution::uniform);
  };
  EXPECT_EQ(of_uniform(-0.152), Cause::finite_width);
  EXPECT_EQ(of_uniform(std::nullopt), Cause::transient);
  EXPECT_EQ(cause("relu", 1.8, 0, 1024, 64, backward, vanishing, 0.3), Cause::rate);  // theory has one
}

/// (1 + B)^L comes from the branches, α^2L from the skip. Seen red: with the rate for every stream's cause.
TEST(Cause, OfAStreamIsItsBranchesOrItsSkip) {
  const auto of_stream = [](double skip, Block block, Norm norm, Regime regime) {
    Point point{Activation::parse("relu"),
                WeightDistribution::gaussian,
                WeightVariance(2),
                BiasVariance(0),
                Width(64),
                Depth(30)};
    point.block = block;
    point.skip = Skip(skip);
    point.norm = norm;
    Predictions predictions{NetworkSettings{}};
    return cause_of(regime, backward, point, predictions(point), std::nullopt, 100);
  };
  EXPECT_EQ(of_stream(1, Block::mlp, Norm::none, exploding), Cause::branches);
  EXPECT_EQ(of_stream(1.1, Block::mlp, Norm::none, exploding), Cause::rate);  // 60 ln 1.1 = 5.7
  EXPECT_EQ(of_stream(1.1, Block::mlp, Norm::post_rms, exploding), Cause::branches);
  EXPECT_EQ(of_stream(1.05, Block::mlp, Norm::none, exploding), Cause::branches);
  EXPECT_EQ(of_stream(1.05, Block::transformer, Norm::none, exploding), Cause::rate);  // twice as many steps
  EXPECT_EQ(of_stream(0.9, Block::mlp, Norm::pre_rms, vanishing), Cause::rate);
  EXPECT_EQ(of_stream(0, Block::mlp, Norm::none, vanishing), Cause::branches);
  EXPECT_EQ(of_stream(1, Block::mlp, Norm::none, Regime::erratic), Cause::finite_width);
}

TEST(Cause, IsTheRateWhereInfiniteNetworksDoIt) {
  EXPECT_EQ(cause("relu", 1.8, 0, 1024, 64, backward, vanishing), Cause::rate);  // 63 ln 0.9 = −6.6
  EXPECT_EQ(cause("gelu", 2, 0, 128, 50, forward, vanishing), Cause::rate);
  EXPECT_EQ(cause("selu", 1, 0, 128, 128, backward, exploding), Cause::rate);
  EXPECT_NE(cause("relu", 2.2, 0, 1024, 64, backward, vanishing), Cause::rate);
}

TEST(Cause, IsFiniteWidthWhereOnlyTheyDo) {
  EXPECT_EQ(cause("relu", 2, 0, 8, 64, backward, vanishing), Cause::finite_width);  // 63 · −0.40
  EXPECT_EQ(cause("relu", 2, 0, 8, 64, forward, vanishing), Cause::finite_width);
  EXPECT_EQ(cause("relu", 2, 0, 8, 64, backward, Regime::erratic), Cause::finite_width);
  EXPECT_EQ(cause("relu", 2, 0, 4, 10, forward, Regime::extinct), Cause::finite_width);
}

TEST(Cause, IsAPowerLawOnTheEdge) {
  for (const Quantity quantity : {forward, backward}) {
    EXPECT_EQ(cause("tanh", 1, 0, 1024, 256, quantity, vanishing), Cause::power_law);
    EXPECT_EQ(cause("tanh", 0.999, 0, 1024, 256, quantity, vanishing), Cause::power_law);
  }
}

TEST(Cause, IsTheFixedPointWhereTheSignalSettlesOutOfRange) {
  EXPECT_EQ(cause("relu", 1.0 / 3, 0.0005, 256, 50, forward, vanishing), Cause::fixed_point);  // q* = 0.0006
  EXPECT_EQ(cause("relu", 1.0 / 3, 0.0005, 256, 50, backward, vanishing), Cause::rate);
}

TEST(Cause, IsTheTransientOtherwiseAndNoneOfTheStable) {
  EXPECT_EQ(cause("tanh", 1.76, 0.05, 4096, 10, backward, vanishing), Cause::transient);
  EXPECT_FALSE(cause("relu", 2, 0, 64, 16, forward, Regime::stable));
  EXPECT_FALSE(cause("relu", 2, 0, 64, 16, forward, Regime::undecided));
}

}  // namespace

}  // namespace varprop::analysis
