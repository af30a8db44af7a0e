// ⟨ln(|x|²/n)⟩ against closed forms and plain averages.
#include "theory/infinite_width/layer_map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace varprop::theory {
namespace {

TEST(MeanLogInputSquare, IsZeroWhereTheNormIsFixed) {
  EXPECT_EQ(mean_log_input_square(InputDistribution::sphere, Width(7)), 0);
  EXPECT_EQ(mean_log_input_square(InputDistribution::rademacher, Width(7)), 0);
}

TEST(MeanLogInputSquare, OfNormalsIsADigammaDifference) {
  constexpr double euler = 0.57721566490153286;
  const double one = -euler - 2 * std::log(2.0) - std::log(0.5);
  EXPECT_NEAR(mean_log_input_square(InputDistribution::gaussian, Width(1)), one, 1e-13);
  EXPECT_NEAR(mean_log_input_square(InputDistribution::positive, Width(1)), one, 1e-13);
  EXPECT_NEAR(mean_log_input_square(InputDistribution::gaussian, Width(1'000'000)), -1e-6, 1e-11);
}

TEST(MeanLogInputSquare, OfUniformInputsHasItsClosedFormAtOneNeuron) {
  EXPECT_NEAR(mean_log_input_square(InputDistribution::uniform, Width(1)), std::log(3.0) - 2, 1e-10);
}

TEST(MeanLogInputSquare, GetsTheLogarithmOfTheMeanSquare) {
  NetworkSettings settings{.input = InputDistribution::gaussian};
  const double usual = mean_log_input_square(settings, Width(7));
  EXPECT_EQ(usual, mean_log_input_square(InputDistribution::gaussian, Width(7)));
  settings.input_mean_square = 9;
  EXPECT_DOUBLE_EQ(mean_log_input_square(settings, Width(7)), usual + std::log(9.0));
  EXPECT_DOUBLE_EQ(first_layer_variance({2, 0.5}, 9), 18.5);
}

/// Var 3u² = 4/5: −(4/5)/(2n) + O(1/n²).
TEST(MeanLogInputSquare, OfUniformInputsFallsLikeItsVariance) {
  for (const std::int64_t n : {10'000, 100'000'000}) {
    const double mean = mean_log_input_square(InputDistribution::uniform, Width(n));
    EXPECT_NEAR(mean * static_cast<double>(n), -0.4, 1e-3) << n;
  }
}

/// 4·10⁵ plain draws a width, 4.5 standard errors.
TEST(MeanLogInputSquare, OfUniformInputsIsThatOfDraws) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> u(-1, 1);
  for (const int n : {2, 5, 20}) {
    constexpr int samples = 400'000;
    double mean = 0, square = 0;
    for (int i = 0; i < samples; ++i) {
      double sum = 0;
      for (int j = 0; j < n; ++j) {
        const double x = u(generator);
        sum += 3 * x * x / n;
      }
      mean += std::log(sum) / samples;
      square += std::log(sum) * std::log(sum) / samples;
    }
    EXPECT_NEAR(mean_log_input_square(InputDistribution::uniform, Width(n)), mean,
                4.5 * std::sqrt((square - mean * mean) / samples))
        << n;
  }
}

}  // namespace
}  // namespace varprop::theory
