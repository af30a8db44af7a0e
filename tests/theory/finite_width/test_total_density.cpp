// Exact laws of ln q_L and ln g_1: closed forms, their mass and their moments.
#include "theory/finite_width/total_density.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "theory/means/log_ratio.hpp"

namespace varprop::theory {
namespace {

Point point_of(const char* activation, double weight_variance, std::int64_t width, std::int32_t depth,
               WeightDistribution weights = WeightDistribution::gaussian) {
  return {Activation::parse(activation),
          weights,
          WeightVariance(weight_variance),
          BiasVariance(0),
          Width(width),
          Depth(depth)};
}

struct Moments {
  double mass = 0, mean = 0, variance = 0;
};

Moments moments_of(const Point& point, NetworkEnd end, double low, double high) {
  std::vector<double> x;
  const int count = 4000;
  for (int i = 0; i < count; ++i) x.push_back(low + (high - low) * (i + 0.5) / count);
  const auto density = total_density(point, {}, end, x);
  Moments m;
  if (!density) return m;
  const double step = (high - low) / count;
  for (std::size_t i = 0; i < x.size(); ++i)
    m.mass += (*density)[i] * step, m.mean += x[i] * (*density)[i] * step;
  for (std::size_t i = 0; i < x.size(); ++i) m.variance += std::pow(x[i] - m.mean, 2) * (*density)[i] * step;
  return m;
}

/// Two layers of two linear neurons: g_1 = χ²_2/2 is exponential, so the density of its logarithm is
/// exp(x − e^x).
TEST(TotalDensity, OfTwoLinearNeuronsIsThatOfAnExponential) {
  const std::vector<double> x{-4, -1, 0, 1, 1.5};
  const auto density = total_density(point_of("linear", 1, 2, 2), {}, NetworkEnd::gradient, x);
  ASSERT_TRUE(density);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR((*density)[i], std::exp(x[i] - std::exp(x[i])), 1e-7);
}

TEST(TotalDensity, HasTheMomentsOfTheLaw) {
  for (const auto weights : {WeightDistribution::gaussian, WeightDistribution::orthogonal}) {
    const Point point = point_of("relu", 1.8, 32, 20, weights);
    const LogRatioLaw layer = *exact_log_ratio(point.activation.facts(), 32, weights);
    const LogRatioLaw first =
        weights == WeightDistribution::gaussian ? linear_log_ratio(32) : LogRatioLaw{0, 0};
    const double rate = 19 * (std::log(0.9) + layer.mean);
    const Moments g = moments_of(point, NetworkEnd::gradient, -30, 15);
    EXPECT_NEAR(g.mass, 1, 1e-6);
    EXPECT_NEAR(g.mean, rate, 1e-5);
    EXPECT_NEAR(g.variance, 19 * layer.variance, 1e-4);
    const Moments q = moments_of(point, NetworkEnd::signal, -30, 15);
    EXPECT_NEAR(q.mean, rate + std::log(1.8) + first.mean, 1e-5);
    EXPECT_NEAR(q.variance, 19 * layer.variance + first.variance, 1e-4);
  }
}

TEST(TotalDensity, IsNoneWhereNoExactLawIsKnown) {
  const std::vector<double> x{0};
  for (const char* activation : {"tanh", "leaky_relu(0.2)"})
    EXPECT_FALSE(total_density(point_of(activation, 1, 32, 8), {}, NetworkEnd::gradient, x)) << activation;
  EXPECT_FALSE(total_density(point_of("linear", 1, 32, 8, WeightDistribution::orthogonal), {},
                             NetworkEnd::gradient, x))
      << "all networks are alike";
  EXPECT_FALSE(total_density(point_of("relu", 1, 1 << 20, 8), {}, NetworkEnd::gradient, x));
  EXPECT_FALSE(total_density(point_of("relu", 2, 32, 1), {}, NetworkEnd::gradient, x)) << "g_1 = 1";
}

}  // namespace
}  // namespace varprop::theory
