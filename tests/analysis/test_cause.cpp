// Why a variance leaves its range, and what to change.
//
// Seen red: with the sign of the regime left out, with no power law asked for, with the
// stable point that is nearest in σ_w² rather than in its logarithm.
#include "analysis/cause.hpp"

#include <gtest/gtest.h>

#include "analysis/nearest_stable.hpp"
#include "synthetic_points.hpp"

namespace varprop {
namespace {

std::optional<Cause> cause(const std::string& activation, double weight_variance, double bias_variance,
                           std::int64_t width, std::int32_t depth, Quantity quantity, Regime regime) {
  const Point point{Activation::parse(activation), Weights::gaussian, WeightVariance(weight_variance),
                    BiasVariance(bias_variance),   Width(width),      Depth(depth)};
  Predictions predictions{Ensemble{}};
  return cause_of(regime, quantity, point, predictions(point), 100);
}

constexpr auto forward = Quantity::forward, backward = Quantity::backward;
constexpr auto vanishing = Regime::vanishing, exploding = Regime::exploding;

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

std::vector<PointAnalysis> points_with(const Sweep& sweep, Predictions& predictions,
                                       const std::function<Regime(double)>& regime_of) {
  auto points = synthetic::points_of(
      sweep, predictions, [&](PointAnalysis& a) { a.regime = regime_of(a.point.weight_variance.value()); });
  find_nearest_stable(sweep, points, predictions);
  return points;
}

TEST(NearestStable, IsNearestByRatioAmongTheGridsOwnPoints) {
  const Sweep sweep = synthetic::relu_sweep({1, 1.9, 4, 7}, {64}, {16});
  Predictions predictions(sweep.ensemble);
  const auto points = points_with(
      sweep, predictions, [](double x) { return x == 1 || x == 7 ? Regime::stable : Regime::exploding; });
  const double nearest[]{1, 1, 7, 7};  // 4 is a factor 4 from 1 and 1.75 from 7
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(points[i].nearest_stable->weight_variance, nearest[i]);
    EXPECT_EQ(points[i].nearest_stable->source, StableSource::grid);
  }
}

TEST(NearestStable, IsTheorysWhereNoneIsStable) {
  const Sweep sweep = synthetic::relu_sweep({1, 4}, {128}, {256});
  Predictions predictions(sweep.ensemble);
  const auto points =
      points_with(sweep, predictions, [](double x) { return x == 1 ? Regime::vanishing : Regime::erratic; });
  EXPECT_NEAR(points[0].nearest_stable->weight_variance, 2.040, 1e-3);
  EXPECT_EQ(points[0].nearest_stable->source, StableSource::theory);
  EXPECT_FALSE(points[1].nearest_stable) << "another weight variance does not mend a network that strays";
}

}  // namespace
}  // namespace varprop
