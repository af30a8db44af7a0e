// Totals of networks of width n by the walk of s²: against the exact laws of straight lines, and against κ₁
// and v.
#include "theory/finite_width/network_walk.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "theory/finite_width/gradient_correction.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {
namespace {

constexpr double log_100 = 4.605170185988092;

/// With a bias that does nothing, so that the laws of straight lines are not taken.
NetworkTotals walked(const std::string& activation, WeightDistribution weights, std::int64_t n, int depth) {
  const MeanField mean_field(Activation::parse(activation));
  NetworkWalk walk(mean_field, weights, n);
  return walk({2.0, 1e-290}, 1, depth, log_100);
}

TEST(NetworkWalk, MeetsTheExactLawsOfStraightLines) {
  for (const std::string activation : {"linear", "relu", "leaky_relu(0.3)", "abs"}) {
    for (const auto weights : {WeightDistribution::gaussian, WeightDistribution::orthogonal}) {
      const ActivationFacts facts = Activation::parse(activation).facts();
      const NetworkTotals totals = walked(activation, weights, 512, 31);
      const LogRatioLaw layer = *exact_log_ratio(facts, 512, weights);
      const double steps = 30, gain = std::log(2 * mean_square(facts.at_zero));
      EXPECT_EQ(totals.of, TotalsOf::width);
      EXPECT_NEAR(totals.backward.mean, steps * (gain + layer.mean), 0.002 + 0.02 * steps / 512)
          << activation;
      EXPECT_NEAR(totals.backward.variance, steps * layer.variance, 0.03 * steps * layer.variance + 1e-12)
          << activation;
      EXPECT_NEAR(totals.forward.variance, steps * layer.variance, 0.05 * steps * layer.variance + 2.1 / 512)
          << activation;
    }
  }
}

TEST(NetworkWalk, GoesOnBeyondTheLayersThatItWalks) {
  constexpr int depth = 3 * NetworkWalk::deepest;
  const LogRatioLaw layer =
      *exact_log_ratio(Activation::parse("relu").facts(), 512, WeightDistribution::gaussian);
  const NetworkTotals totals = walked("relu", WeightDistribution::gaussian, 512, depth);
  const double steps = depth - 1;
  EXPECT_EQ(totals.of, TotalsOf::width);
  EXPECT_NEAR(totals.backward.mean, steps * layer.mean, 0.02 * steps / 512);
  EXPECT_NEAR(totals.backward.variance, steps * layer.variance, 0.06 * steps * layer.variance);
  EXPECT_LT(totals.backward.error, 0.1 * std::abs(totals.backward.mean));
}

TEST(NetworkWalk, IsExactWhereTheLawsAre) {
  const MeanField mean_field(Activation::parse("relu"));
  NetworkWalk walk(mean_field, WeightDistribution::gaussian, 3);
  const NetworkTotals totals = walk({2, 0}, 1, 11, log_100);
  EXPECT_EQ(totals.of, TotalsOf::width_exactly);
  EXPECT_DOUBLE_EQ(totals.backward.mean,
                   10 * exact_log_ratio(mean_field.facts(), 3, WeightDistribution::gaussian)->mean);
  EXPECT_NEAR(totals.backward.extinct_share, 1 - std::pow(7.0 / 8, 10), 1e-12);
}

/// What width n adds, a layer: by two depths, so that ends do not count.
TEST(NetworkWalk, HasTheDriftAndTheSpreadOfTheExpansion) {
  for (const std::string activation : {"tanh", "erf", "selu", "hard_tanh"}) {
    const InfiniteWidthPredictor predict(Activation::parse(activation));
    const Variances variances{1.6, 0.2};
    const auto expansion =
        *gradient_correction(predict.mean_field(), variances, predict(variances, predict.first_q(variances)));
    constexpr double n = 10'000;
    NetworkWalk walk(predict.mean_field(), WeightDistribution::gaussian, static_cast<std::int64_t>(n));
    NetworkWalk limit(predict.mean_field(), WeightDistribution::gaussian, std::nullopt);
    const auto added = [&](int depth) {
      const TotalLaw at_width = walk(variances, 1, depth, log_100).backward;
      return std::pair{n * (at_width.mean - limit(variances, 1, depth, log_100).backward.mean),
                       n * at_width.variance};
    };
    const auto [short_mean, short_variance] = added(100);
    const auto [long_mean, long_variance] = added(200);
    EXPECT_NEAR((long_mean - short_mean) / 100, expansion.kappa_1, 0.05 * std::abs(expansion.kappa_1) + 0.05)
        << activation;
    EXPECT_NEAR((long_variance - short_variance) / 100, expansion.fluctuation, 0.05 * expansion.fluctuation)
        << activation;
  }
}

TEST(NetworkWalk, OfInfiniteWidthIsTheProfile) {
  for (const std::string activation : {"gelu", "tanh", "softplus", "relu"}) {
    const MeanField mean_field(Activation::parse(activation));
    const Variances variances{1.7, 0.05};
    NetworkWalk walk(mean_field, WeightDistribution::uniform, std::nullopt);
    const NetworkTotals totals = walk(variances, 4, 30, log_100);
    const auto log_q = log_variance_profile(mean_field, variances, std::log(1.7 * 4 + 0.05), 30);
    EXPECT_NEAR(totals.forward.mean, log_q.back() - std::log(4.0), 1e-3) << activation;
    EXPECT_NEAR(totals.backward.mean, log_gradient_gain(mean_field, variances, log_q), 1e-3) << activation;
    EXPECT_EQ(totals.forward.variance, 0);
  }
}

}  // namespace
}  // namespace varprop::theory
