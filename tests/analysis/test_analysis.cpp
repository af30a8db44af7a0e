// What to change where a network does not start out stable.
//
// Seen red: with the stable point that is nearest in σ_w² rather than in its logarithm.
#include "analysis/analysis.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/synthetic_points.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

std::vector<PointAnalysis> points_with(const Sweep& sweep, Predictions& predictions,
                                       const std::function<Regime(double)>& regime_of) {
  auto points = synthetic::points_of(
      sweep, predictions, [&](PointAnalysis& a) { a.regime = regime_of(a.point.weight_variance.value()); });
  find_nearest_stable(sweep, points, predictions);
  return points;
}

TEST(NearestStable, IsNearestByRatioAmongTheGridsOwnPoints) {
  const Sweep sweep = synthetic::relu_sweep({1, 1.9, 4, 7}, {64}, {16});
  Predictions predictions(sweep.network);
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
  Predictions predictions(sweep.network);
  const auto points =
      points_with(sweep, predictions, [](double x) { return x == 1 ? Regime::vanishing : Regime::erratic; });
  EXPECT_NEAR(points[0].nearest_stable->weight_variance, 2.040, 1e-3);
  EXPECT_EQ(points[0].nearest_stable->source, StableSource::theory);
  EXPECT_FALSE(points[1].nearest_stable) << "another weight variance does not mend a network that strays";
}

}  // namespace
}  // namespace varprop::analysis
