// Moments of a number of whole networks, from its logarithms.
//
// Seen red: the jackknife's factor (B − 1) left out; x² taken for x; dead networks left out of the mean.
#include "analysis/points/totals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace varprop::analysis {
namespace {

constexpr double dead = std::numeric_limits<double>::quiet_NaN();

/// ln X ~ N(mean, v).
std::vector<double> log_normal(std::size_t count, double mean, double v, std::mt19937_64& random) {
  std::normal_distribution<double> logarithm(mean, std::sqrt(v));
  std::vector<double> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(logarithm(random));
  return all;
}

TEST(TotalMoments, AreThoseOfAllNetworks) {
  const std::vector<double> logarithms{0, std::log(2.0), std::log(3.0), dead};
  const TotalMoments moments = moments_of_total(logarithms, 1, 1);
  EXPECT_NEAR(moments.log_mean->value, std::log(6.0) / 3, 1e-14);
  EXPECT_NEAR(moments.log_of_mean->value, std::log(6.0 / 4), 1e-14) << "the dead one counts as 0";
  EXPECT_FALSE(moments.log_of_mean->error) << "one batch";
}

TEST(TotalMoments, LeaveTheRangeOfDoubles) {
  std::mt19937_64 random(3);
  std::vector<double> logarithms = log_normal(1600, 0, 0.01, random), large = logarithms;
  for (double& y : large) y += 5000;
  const TotalMoments here = moments_of_total(logarithms, 16, 1), there = moments_of_total(large, 16, 1);
  EXPECT_NEAR(there.log_of_mean->value - here.log_of_mean->value, 5000, 1e-8);
  EXPECT_NEAR(there.log_ratio->value, here.log_ratio->value, 1e-8);
}

TEST(TotalMoments, TellNoSecondMomentOfTooFewNetworks) {
  std::mt19937_64 random(4);
  const TotalMoments moments = moments_of_total(log_normal(1600, 0, 1, random), 16, 1);
  ASSERT_FALSE(moments.log_ratio.has_value());
  EXPECT_EQ(moments.log_ratio.reason().name(), theory::Reason::few_networks_for_second_moment);
  EXPECT_NEAR(moments.log_ratio.reason().numbers()[1], 100 * std::expm1(4.0), 1500);
  EXPECT_EQ(moments_of_total(std::vector{dead, dead}, 2, 1).log_ratio.reason().name(),
            theory::Reason::all_extinct);
}

TEST(TotalMoments, WithoutChanceHaveTheErrorOfRounding) {
  const TotalMoments moments = moments_of_total(std::vector<double>(48, 3.25), 16, 10);
  EXPECT_NEAR(moments.log_ratio->value, 0, 1e-14);
  EXPECT_GT(*moments.log_ratio->error, 0);
  EXPECT_LT(*moments.log_ratio->error, 1e-12);
}

/// 400 sets of 16 batches of log-normal numbers with as many networks as the rule lets pass, 1 to 4 times as
/// many. The 95 % intervals cover in 90 to 99 %: with a true share of 95 % this fails in 10⁻⁴ of seeds.
TEST(TotalMoments, HaveIntervalsThatCover) {
  std::mt19937_64 random(5);
  for (const double v : {0.05, 0.2, 0.5}) {
    int covered = 0, told = 0;
    const auto replicas = static_cast<std::size_t>(std::ceil(100 * std::expm1(4 * v) / 16 * 1.5));
    for (int set = 0; set < 400; ++set) {
      const TotalMoments moments = moments_of_total(log_normal(16 * replicas, 0, v, random), 16, 1);
      if (!moments.log_ratio) continue;
      const auto interval = confidence_interval(*moments.log_ratio);
      ++told;
      covered += interval->low <= v && v <= interval->high;
    }
    EXPECT_GT(told, 300) << v;
    EXPECT_GE(covered, 0.90 * told) << v << ": " << covered << " of " << told;
    EXPECT_LE(covered, 0.99 * told) << v << ": " << covered << " of " << told;
  }
}

}  // namespace
}  // namespace varprop::analysis
