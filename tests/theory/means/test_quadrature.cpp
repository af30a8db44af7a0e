// Panels that end at kinks, wherever these are.
#include "theory/means/quadrature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace varprop::theory {
namespace {

/// Where a hard tanh of height 1.3 turns flat: no end of a panel by itself.
constexpr double corner = 1.3;
const Kinks corners{{-corner, corner}, 2};

double value(double x, double) {
  const double bounded = std::clamp(x, -corner, corner);
  return bounded * bounded;
}
double slope(double x, double) {
  return std::abs(x) < corner ? 1.0 : 0.0;
}

TEST(GaussianMean, SplitsPanelsAtKinksAwayFromZero) {
  for (const double q : {1e-3, 0.05, 0.7, 1.0, 3.0, 1e4, 1e100}) {
    const double c = corner / std::sqrt(q), inside = std::erf(c / std::numbers::sqrt2);
    EXPECT_NEAR(gaussian_mean(corners, q, slope).value / inside, 1, 1e-13) << q;
    const double density = std::exp(-c * c / 2) / std::sqrt(2 * std::numbers::pi);
    const double V = q * (inside - 2 * density * c) + corner * corner * (1 - inside);
    if (q > 10) continue;  // the closed form cancels
    EXPECT_NEAR(gaussian_mean(corners, q, value).value, V, 1e-14) << q;
  }
}

TEST(GaussianMean, HoldsMomentsUpToTheEighth) {
  double moment = 1;
  for (int order = 2; order <= 8; order += 2) {
    moment *= order - 1;
    const auto mean = gaussian_mean({}, 1.0, [&](double x, double) { return std::pow(x, order); });
    EXPECT_NEAR(mean.value / moment, 1, 1e-13) << order;
    EXPECT_LT(mean.error, 1e-9 * moment);
  }
}

TEST(GaussianMean, OwnsUpToAnErrorWhereAKinkIsNotDeclared) {
  const auto mean = gaussian_mean({}, 0.7, slope);
  const double truth = std::erf(corner / std::sqrt(1.4));
  EXPECT_GT(std::abs(mean.value - truth), 1e-9);
  EXPECT_GT(mean.error, std::abs(mean.value - truth));
}

TEST(PanelEnds, AreAscendingAndHoldZeroAndTheKinks) {
  for (const double q : {0.0, 1e-300, 0.1, 1.0, 1e300}) {
    const auto ends = panel_ends(corners, q);
    EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
    EXPECT_TRUE(std::binary_search(ends.begin(), ends.end(), 0.0));
    EXPECT_EQ(std::binary_search(ends.begin(), ends.end(), corner / std::sqrt(q)), q >= 0.1);
    EXPECT_LT(ends.size(), 1000u);
  }
}

}  // namespace
}  // namespace varprop::theory
