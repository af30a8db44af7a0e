// Averages over a softmax of Gaussian logits, against numbers of other programs, expansions and integrals.
//
// Seen to fail with the queries' correlation left out.
#include "theory/streams/attention_means.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace varprop::theory {
namespace {

TEST(AttentionMeans, MeetsNumbersOfOtherPrograms) {
  const AttentionMeans two = attention_means(2, 1, .5);
  EXPECT_NEAR(two.square, .63683815, 1e-8);
  EXPECT_NEAR(two.product, .56650732, 1e-8);
  EXPECT_NEAR(two.difference, two.square - two.product, 1e-10);
  const AttentionMeans many = attention_means(16, 1, .5);
  EXPECT_NEAR(many.square, .13237, 4e-4);
  EXPECT_NEAR(many.product, .09213, 4e-4);
}

/// Y₂ = T ∫₀^∞ t E[e^{2s − te^s}] (E e^{−te^s})^{T−1} dt, in x = ln t.
double square_by_integral(int T, double deviation) {
  const auto mean = [&](double x, int power) {
    double sum = 0;
    for (int i = -80; i <= 80; ++i) {
      const double z = 0.1 * i, s = deviation * z;
      sum += 0.1 * std::exp(-0.5 * z * z + power * (s + x) - std::exp(s + x)) / std::sqrt(2 * M_PI);
    }
    return sum;
  };
  double sum = 0;
  for (int i = -800; i <= 300; ++i) {
    const double x = 0.05 * i;
    sum += 0.05 * mean(x, 2) * std::pow(mean(x, 0), T - 1);
  }
  return T * sum;
}

TEST(AttentionMeans, IsAsAccurateAsItSays) {
  for (const int T : {2, 3, 8, 32, 64}) {
    for (const double deviation : {0.3, 1.0, 3.0}) {
      const double exact = square_by_integral(T, deviation);
      const double relative = T == 2 ? 1e-9 : (deviation > 1 ? 4e-3 : 4e-4) * (T == 64 ? 4 : 1);
      EXPECT_NEAR(attention_means(T, deviation * deviation, .7).square / exact, 1, relative)
          << T << ' ' << deviation;
    }
  }
}

TEST(AttentionMeans, ExpandsAboutUniformAttention) {
  for (const int T : {2, 3, 16}) {
    const double variance = 1e-6, distance = .3, order = variance * (T - 1) / (T * T);
    const AttentionMeans means = attention_means(T, variance, distance);
    EXPECT_NEAR((means.square - 1.0 / T) / order, 1, 1e-4) << T;
    EXPECT_NEAR((means.product - 1.0 / T) / order, 1 - distance, 1e-4) << T;
    EXPECT_NEAR(means.difference / (order * distance), 1, 2e-5) << T;
    EXPECT_NEAR(means.logit_square, (T - 1.0) / (T * T), 1e-5) << T;
    EXPECT_NEAR(means.logit_product, (T - 1.0) / (T * T), 1e-5) << T;
  }
}

TEST(AttentionMeans, KeepsTheDigitsOfQueriesThatAreNearlyOne) {
  const double ratio = attention_means(5, 1, 1e-6).difference / 1e-6;
  for (const double distance : {1e-12, 1e-30, 1e-100})
    EXPECT_NEAR(attention_means(5, 1, distance).difference / distance / ratio, 1, 1e-4);
}

TEST(AttentionMeans, OneKeyTakesAllInTheEnd) {
  const AttentionMeans means = attention_means(4, 1e6, 1);
  EXPECT_NEAR(means.square, 1, 2e-3);
  EXPECT_NEAR(means.product, .25, .02);
}

}  // namespace
}  // namespace varprop::theory
