// Networks of unequal widths, with dropout and with norms against numbers that were computed by other
// programs (quadrature and recursions).
#include "theory/networks/network_theory.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "theory/means/log_ratio.hpp"

namespace varprop::theory {
namespace {

Point point_of(const char* activation, double weight, double bias, std::int64_t width = 64,
               std::int32_t depth = 8) {
  return {Activation::parse(activation),
          WeightDistribution::gaussian,
          WeightVariance(weight),
          BiasVariance(bias),
          Width(width),
          Depth(depth)};
}

PointTheory theory_of(const Point& point, const NetworkSettings& settings = {}) {
  return network_theory(InfiniteWidthPredictor(point.activation), point, settings);
}

CorrelationLimit correlation_of(const Point& point) {
  return network_correlation(InfiniteWidthPredictor(point.activation), point, {});
}

double rate(const char* activation, double weight, double bias, Norm norm) {
  Point point = point_of(activation, weight, bias);
  point.norm = norm;
  return *theory_of(point).backward_rate;
}

TEST(NetworkTheory, NormsHaveTheRatesOfKappa) {
  EXPECT_NEAR(rate("tanh", 3, 0, Norm::pre_rms), std::log(1.177807), 1e-6);
  EXPECT_NEAR(rate("tanh", 3, 0, Norm::pre_layer), std::log(1.177807), 1e-6);
  EXPECT_NEAR(rate("gelu", 0.7, 0, Norm::pre_layer), std::log(1.072032), 1e-6);
  EXPECT_NEAR(rate("sigmoid", 0.7, 0, Norm::pre_rms), std::log(.152827), 1e-5);
  EXPECT_NEAR(rate("relu", 5, 0, Norm::pre_rms), 0, 1e-12);
  EXPECT_NEAR(rate("relu", 5, 0, Norm::post_rms), 0, 1e-12);
  EXPECT_NEAR(rate("relu", 1, 0, Norm::post_layer), .3832, 5e-5);
  EXPECT_NEAR(rate("gelu", 1, 0, Norm::post_layer), std::log(1.318845), 1e-6);
  EXPECT_NEAR(rate("tanh", 2, 0, Norm::post_rms), std::log(1.344325), 1e-6);
  EXPECT_NEAR(rate("tanh", 1.7, .4, Norm::pre_rms), -.304, 1e-3);
  EXPECT_NEAR(rate("tanh", 1.7, .4, Norm::post_rms), .096, 1e-3);
}

/// z^1 has q_1 and not q*, and a norm divides by it: rates of simulations from layer 1 on were .128 of
/// tanh where .164 is right.
TEST(NetworkTheory, NormsAreAlikeFromTheSecondLayerOn) {
  Point point = point_of("tanh", 3, 0);
  point.norm = Norm::pre_rms;
  EXPECT_EQ(theory_of(point).limit.onset, 2);
  point.norm = Norm::none;
  point.keep = Keep(.9);
  EXPECT_LT(theory_of(point).limit.onset, 2);
}

TEST(NetworkTheory, DropoutIsWeightVarianceOverP) {
  Point point = point_of("tanh", 1.760955, .05);
  point.keep = Keep(.9);
  const PointTheory theory = theory_of(point);
  EXPECT_NEAR(*theory.limit.q_star, .6935236, 1e-6);
  EXPECT_NEAR(theory.limit.chi, 1.0394423, 1e-6);
  EXPECT_EQ(theory.backward_rate_n.reason(), Reason::other_networks);
  EXPECT_NEAR(*correlation_of(point).c_star, .3564137, 1e-7);
  EXPECT_NEAR(*correlation_of(point).xi_c, 4.6669, 1e-4);
}

/// c* solves c = p k(c), whatever σ_w²: masks are drawn for each input.
TEST(NetworkTheory, ReluWithDropoutHasACorrelationOfItsOwn) {
  for (const double weight : {1.0, 1.8, 3.0}) {
    Point point = point_of("relu", weight, 0);
    point.keep = Keep(.9);
    const CorrelationLimit limit = correlation_of(point);
    EXPECT_NEAR(*limit.c_star, .62714588, 1e-8);
    EXPECT_NEAR(*limit.xi_c, 2.27403, 1e-5);
  }
  for (const double p : {.5, .99, 1 - 1e-9}) {
    Point point = point_of("relu", 2, 0);
    point.keep = Keep(p);
    const double c = *correlation_of(point).c_star;
    EXPECT_NEAR(c, p * (std::sqrt(1 - c * c) + c * (M_PI - std::acos(c))) / M_PI, 1e-12) << p;
  }
  Point odd = point_of("tanh", 2, 0);
  odd.keep = Keep(.8);
  EXPECT_EQ(*correlation_of(odd).c_star, 0);
}

TEST(NetworkTheory, NormsHaveTheCorrelationsOfTheirMaps) {
  const auto limit = [](const char* activation, double weight, double bias, Norm norm, double keep = 1) {
    Point point = point_of(activation, weight, bias);
    point.norm = norm;
    point.keep = Keep(keep);
    return correlation_of(point);
  };
  EXPECT_EQ(limit("relu", 3, 0, Norm::pre_rms).xi_c.reason(), Reason::chi_is_1);
  EXPECT_EQ(*limit("tanh", 3, 0, Norm::pre_rms).c_star, 0);
  // ReLU behind a layer norm: 1 − c' = (1 − k(c))·(½/(½ − 1/(2π))); c* where that is 1 − c.
  const CorrelationLimit centred = limit("relu", 1, 0, Norm::post_layer);
  const double c = *centred.c_star;
  const double k = (std::sqrt(1 - c * c) + c * (M_PI - std::acos(c))) / M_PI;
  EXPECT_NEAR(1 - c, (1 - k) * .5 / (.5 - .5 / M_PI), 1e-12);
  EXPECT_NEAR(c, 0, 1e-12);
  // with biases and dropout: c' = (σ_w²(k/2 − 1/(2π))/(½ − 1/(2π)) + σ_b²)/(σ_w²/p + σ_b²)
  const double c_2 = *limit("relu", 1.5, .3, Norm::post_layer, .8).c_star;
  const double k_2 = (std::sqrt(1 - c_2 * c_2) + c_2 * (M_PI - std::acos(c_2))) / M_PI;
  EXPECT_NEAR(c_2, (1.5 * (.5 * k_2 - .5 / M_PI) / (.5 - .5 / M_PI) + .3) / (1.5 / .8 + .3), 1e-12);
}

TEST(NetworkTheory, ReluWithDropoutIsCriticalAtTwoP) {
  Point point = point_of("relu", 1.8, 0, 32);
  point.keep = Keep(.9);
  EXPECT_NEAR(*theory_of(point).backward_rate, 0, 1e-12);
  EXPECT_NEAR(*theory_of(point).backward_rate_n, -.09448922, 1e-8);
  EXPECT_NEAR(*theory_of(point).backward_variance_n, .20577218, 1e-8);
  const MeanField mean_field(point.activation);
  EXPECT_DOUBLE_EQ(*network_critical_variance(mean_field, point, {}, false), 1.8);
  EXPECT_NEAR(*network_critical_variance(mean_field, point, {}, true), 1.8 * std::exp(.09448922), 1e-7);
  point.norm = Norm::pre_rms;
  EXPECT_FALSE(network_critical_variance(mean_field, point, {}, true));
}

TEST(NetworkTheory, LogMomentsOfLayersAreExact) {
  const ActivationFacts relu = Activation::parse("relu").facts();
  const auto expect = [](const LogRatioLaw& law, double mean, double variance) {
    EXPECT_NEAR(law.mean, mean, 1e-8);
    EXPECT_NEAR(law.variance, variance, 1e-8);
  };
  expect(dropout_log_ratio(relu.at_zero, 512, .9), -.00555456, .01116101);
  expect(dropout_log_ratio(relu.at_zero, 128, .5), -.04440111, .09240678);
  expect(dropout_log_ratio(relu.at_zero, 32, 1), exact_log_ratio(relu, 32)->mean,
         exact_log_ratio(relu, 32)->variance);
  const ActivationFacts leaky = Activation::parse("leaky_relu(0.3)").facts();
  expect(dropout_log_ratio(leaky.at_zero, 32, 1 - 1e-12), exact_log_ratio(leaky, 32)->mean,
         exact_log_ratio(leaky, 32)->variance);
  expect(*normed_log_ratio(relu, 8), -.50069120, 2.28147307);
  expect(*normed_log_ratio(relu, 32), -.07184896, .28794325);
  expect(*normed_log_ratio(relu, 512), -.00393707, .01574835);
  expect(*normed_log_ratio(Activation::parse("linear").facts(), 32), -.03277809, .13113580);
}

/// 784-256-128-64-10, ReLU, by torch.nn.Linear's defaults.
TEST(NetworkTheory, FollowsUnequalLayers) {
  Point point = point_of("relu", 1.0 / 3, 1.0 / 3, 256, 4);
  point.shape = Shape::parse("1:0.5:0.25");
  point.input_width = InputWidth(784);
  point.output_width = OutputWidth(10);
  const NetworkSettings settings{.bias_scaling = BiasScaling::fan_in};
  const auto profiles = network_profiles(InfiniteWidthPredictor(point.activation), point, settings);
  const double q[] = {.33375850, .05692850, .01209225, .00722371};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(std::exp(profiles.log_q[i]), q[i], 1e-8) << i;
  EXPECT_NEAR(profiles.log_g[0], -3 * std::log(6), 1e-12);
  EXPECT_NEAR(profiles.log_a[0], std::log(q[0] / 2), 1e-7);
  EXPECT_NEAR(profiles.log_weight_gradient[0], profiles.log_g[0] + std::log(784), 1e-9);
  EXPECT_FALSE(theory_of(point, settings).backward_rate) << "no two layers are alike";
}

/// 20-40-10-30-15 with He's constant.
TEST(NetworkTheory, SumsOverHiddenWidths) {
  Point point = point_of("relu", 2, 0, 40, 4);
  point.shape = Shape::parse("1:0.25:0.75");
  point.input_width = InputWidth(20);
  point.output_width = OutputWidth(15);
  for (const auto& [scaling, log_g] :
       {std::pair(VarianceScaling::fan_in, 0.0), std::pair(VarianceScaling::fan_out, std::log(8.0 / 3))}) {
    const NetworkSettings settings{.variance_scaling = scaling};
    const auto law = network_law(InfiniteWidthPredictor(point.activation), point, settings);
    EXPECT_NEAR(*law.backward_mean, log_g - .4611, 5e-5);
    EXPECT_NEAR(*law.backward_variance, 1.1960, 5e-5);
    EXPECT_NEAR(*law.forward_mean,
                *law.backward_mean + (log_g > 0 ? 0 : std::log(2)) + linear_log_ratio(15).mean, 1e-9);
  }
  point = point_of("relu", 2, 0, 128, 8);
  point.shape = Shape::parse("1:0.5:0.25:0.125:0.25:0.5:1");
  const auto law = network_law(InfiniteWidthPredictor(point.activation), point, {});
  EXPECT_NEAR(*law.backward_mean, -.461268, 1e-6);
  EXPECT_NEAR(*law.backward_variance, 1.021052, 1e-6);
}

TEST(HiddenWidths, NameTheNarrowest) {
  Point point{Activation::parse("relu"),
              WeightDistribution::gaussian,
              WeightVariance(2),
              BiasVariance(0),
              Width(128),
              Depth(8)};
  EXPECT_DOUBLE_EQ(hidden_widths(point).sum_of_inverses, 7.0 / 128);
  EXPECT_DOUBLE_EQ(hidden_widths(point).share, 1.0 / 7);
  point.shape = Shape::parse("1:0.125:1");  // 128, 91, 53, 16, 53, 91, 128
  const HiddenWidths widths = hidden_widths(point);
  EXPECT_EQ(widths.narrowest_layer, 4);
  EXPECT_EQ(widths.least, 16);
  EXPECT_NEAR(widths.sum_of_inverses, 2.0 / 128 + 2.0 / 91 + 2.0 / 53 + 1.0 / 16, 1e-12);
  EXPECT_NEAR(widths.share, 1.0 / 16 / widths.sum_of_inverses, 1e-12);
  point.shape = Shape::parse("0.5:1:0.5");
  EXPECT_EQ(hidden_widths(point).narrowest_layer, 1) << "the first of two";
  point.depth = Depth(1);
  EXPECT_EQ(hidden_widths(point).sum_of_inverses, 0);
}

/// Seen red: with one layer more; with signals dead where there are biases.
TEST(DeadShares, AreThoseOfCoins) {
  Point point{Activation::parse("relu"),
              WeightDistribution::orthogonal,
              WeightVariance(2),
              BiasVariance(0),
              Width(4),
              Depth(3)};
  EXPECT_NEAR(dead_shares(point)->signal, 1 - std::pow(15.0 / 16, 2), 1e-12);
  point.bias_variance = BiasVariance(1);
  EXPECT_EQ(dead_shares(point)->signal, 0);
  EXPECT_NEAR(dead_shares(point)->gradient, 1 - std::pow(15.0 / 16, 2), 1e-12);
  point.activation = Activation::parse("linear");
  EXPECT_EQ(dead_shares(point)->gradient, 0);
  point.activation = Activation::parse("tanh");
  EXPECT_EQ(dead_shares(point).reason(), Reason(Reason::only_homogeneous));
  point.weights = WeightDistribution::uniform;
  EXPECT_FALSE(dead_shares(point));
}

}  // namespace
}  // namespace varprop::theory
