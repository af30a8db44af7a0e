// The Anderson–Darling statistic and its limiting distribution. Seen to fail with ln Φ(z) in the place of ln
// Φ(−z).
#include "benchmarks/normals/anderson_darling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace varprop::test {
namespace {

using benchmarks::anderson_darling;
using benchmarks::anderson_darling_distribution;

// Upper points of A² for a law that is fully given: Marsaglia and Marsaglia (2004), Stephens (1974).
TEST(AndersonDarling, DistributionHasThePublishedPoints) {
  EXPECT_NEAR(anderson_darling_distribution(1.2482), 0.75, 2e-4);
  EXPECT_NEAR(anderson_darling_distribution(1.9330), 0.90, 2e-4);
  EXPECT_NEAR(anderson_darling_distribution(2.4924), 0.95, 2e-4);
  EXPECT_NEAR(anderson_darling_distribution(3.8781), 0.99, 2e-4);
}

// One draw: A² = −1 − ln Φ(z) − ln Φ(−z), at its smallest 2 ln 2 − 1 for z = 0.
TEST(AndersonDarling, StatisticOfOneDraw) {
  EXPECT_NEAR(anderson_darling({0.0}), 2 * std::log(2.0) - 1, 1e-12);
  EXPECT_NEAR(anderson_darling({1.0}), -1 - std::log(0.84134474606854295) - std::log(0.15865525393145705),
              1e-12);
  EXPECT_NEAR(anderson_darling({-1.0}), anderson_darling({1.0}), 1e-12);
}

// E A² = 1 for every number of draws; its variance is near 2(π² − 9)/3 = 0.58. 4 standard errors.
TEST(AndersonDarling, MeanOverNormalSamplesIsOne) {
  std::mt19937_64 random_bits(1);
  std::normal_distribution<double> normal;
  constexpr int samples = 2000;
  double sum = 0;
  for (int i = 0; i < samples; ++i) {
    std::vector<double> z(100);
    for (double& x : z) x = normal(random_bits);
    sum += anderson_darling(z);
  }
  EXPECT_NEAR(sum / samples, 1, 4 * std::sqrt(0.58 / samples));
}

}  // namespace
}  // namespace varprop::test
