// The profiles beside the measured ones: against the sums of theory/ over whole networks.

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/points/predictions.hpp"
#include "theory/finite_width/finite_width.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

constexpr std::size_t forward = 0, backward = 1, weight_gradient = 2, activations = 3;

Point point_of(const char* activation, double weight, double bias, std::int64_t width, std::int32_t depth,
               WeightDistribution weights = WeightDistribution::gaussian) {
  return {Activation::parse(activation),
          weights,
          WeightVariance(weight),
          BiasVariance(bias),
          Width(width),
          Depth(depth)};
}

TEST(ProfileTheory, AgreesWithTheSumsOverWholeNetworks) {
  const NetworkSettings settings;
  Predictions predictions(settings);
  const std::vector<Point> points{point_of("tanh", 1.7, 0.05, 100, 30), point_of("tanh", 1.7, 0.05, 400, 12),
                                  point_of("gelu", 2.1, 0, 64, 30), point_of("relu", 1.9, 0.3, 64, 30)};
  const ProfileTheory theory(points, {1, 2, 5, 12, 20, 30}, settings, predictions);
  for (const Point& point : points) {
    const Variances variances = variances_of(point, VarianceScaling::fan_in);
    const MeanField& mean_field = predictions.predictor(point.activation).mean_field();
    const auto log_q = log_variance_profile(mean_field, variances, std::log(first_layer_variance(variances)),
                                            point.depth.value());
    const auto profiles = theory.limit(point);
    ASSERT_EQ(profiles[forward].size(), point.depth.value() == 30 ? 6u : 4u);
    EXPECT_DOUBLE_EQ(profiles[forward].front(), log_q.front());
    EXPECT_DOUBLE_EQ(profiles[forward].back(), log_q.back());
    EXPECT_NEAR(profiles[backward].front(), log_gradient_gain(mean_field, variances, log_q), 1e-9);
    EXPECT_EQ(profiles[backward].back(), 0);
    // ω_1 = g_1 |x|² and ω_L = |φ(z^{L−1})|² = n V(q_{L−1}).
    const double log_n = std::log(static_cast<double>(point.width.value()));
    EXPECT_NEAR(profiles[weight_gradient].front(), profiles[backward].front() + log_n, 1e-9);
    const double V = mean_field.V(std::exp(log_q[log_q.size() - 2])).value;
    EXPECT_NEAR(profiles[weight_gradient].back(), log_n + std::log(V), 1e-9);
    EXPECT_NEAR(profiles[activations].front(), std::log(mean_field.V(std::exp(log_q.front())).value), 1e-9);
    EXPECT_NEAR(profiles[activations].back(), std::log(mean_field.V(std::exp(log_q.back())).value), 1e-9);
    EXPECT_EQ(theory.at_width(point).has_value(), false) << "no exact sum";
  }
}

TEST(ProfileTheory, IsExactForStraightLinesWithoutBiases) {
  for (const auto scaling : {VarianceScaling::fan_in, VarianceScaling::none}) {
    for (const auto weights : {WeightDistribution::gaussian, WeightDistribution::orthogonal}) {
      const NetworkSettings settings{.variance_scaling = scaling};
      Predictions predictions(settings);
      const Point point =
          point_of("leaky_relu(0.2)", scaling == VarianceScaling::none ? 1.9 / 16 : 1.9, 0, 16, 20, weights);
      const ProfileTheory theory({point}, {1, 7, 20}, settings, predictions);
      const auto exact = theory.at_width(point);
      ASSERT_TRUE(exact);
      const Variances variances = variances_of(point, scaling);
      const auto& predictor = predictions.predictor(point.activation);
      const auto log_q = log_variance_profile(predictor.mean_field(), variances,
                                              std::log(first_layer_variance(variances)), 20);
      const InfiniteWidth limit = predictor(variances, first_layer_variance(variances));
      const NetworkLaw law = network_law(predictor.mean_field(), variances, limit, weights, 16, log_q);
      EXPECT_NEAR((*exact)[forward].back(), *law.forward_mean, 1e-9);
      EXPECT_NEAR((*exact)[backward].front(), *law.backward_mean, 1e-9);
      EXPECT_EQ((*exact)[backward].back(), 0);
      EXPECT_NEAR((*exact)[weight_gradient].front(), *law.backward_mean + std::log(16.0), 1e-9) << "|x|² = n";
      // A layer does to |a| what it does to a gradient, L of them against L − 1.
      EXPECT_NEAR((*exact)[activations].back(), *law.backward_mean * 20 / 19, 1e-9);
    }
  }
}

/// GELU at σ_w² = 2 without biases: from a small input the signal dies out, from a large one it does not.
TEST(ProfileTheory, BeginsAtTheInputsMeanSquare) {
  for (const double square : {0.01, 100.0}) {
    const NetworkSettings settings{.input_mean_square = square};
    Predictions predictions(settings);
    const Point gelu = point_of("gelu", 2.1, 0, 64, 200), relu = point_of("relu", 1.9, 0, 64, 30);
    const auto profiles = ProfileTheory({gelu}, {1, 200}, settings, predictions).limit(gelu);
    EXPECT_NEAR(profiles[forward].front(), std::log(2.1 * square), 1e-12);
    EXPECT_EQ(profiles[forward].back() > std::log(square), square > 1);
    EXPECT_EQ(predictions(gelu).limit.q_star.has_value(), square < 1) << "else it grows";
    const auto exact = ProfileTheory({relu}, {1, 30}, settings, predictions).at_width(relu);
    Predictions usual{NetworkSettings{}};
    const auto of_one = ProfileTheory({relu}, {1, 30}, NetworkSettings{}, usual).at_width(relu);
    EXPECT_NEAR((*exact)[forward].back() - (*of_one)[forward].back(), std::log(square), 1e-12);
  }
}

TEST(ProfileTheory, StaysInRangeWhereTheSignalDoesNot) {
  const NetworkSettings settings;
  Predictions predictions(settings);
  const Point point = point_of("relu", 1e-3, 0, 64, 2000);
  const ProfileTheory theory({point}, {1, 2000}, settings, predictions);
  const auto profiles = theory.limit(point);
  EXPECT_NEAR(profiles[forward].back(), std::log(1e-3) + 1999 * std::log(5e-4), 1e-6);
  EXPECT_NEAR(profiles[backward].front(), 1999 * std::log(5e-4), 1e-6);
}

/// What lasts is told of: never backwards within one matter, and to its end, where one thread does it all.
/// Seen red: with nobody told.
TEST(Predictions, TellHowFarTheirTheoryIs) {
  std::vector<double> shares;
  Predictions predictions({}, [&](std::string_view, double share) { shares.push_back(share); });
  const std::vector<Point> points{point_of("tanh", 1.7, 0.05, 100, 30), point_of("tanh", 1.2, 0.05, 100, 30),
                                  point_of("tanh", 1.7, 0.05, 64, 30)};
  predictions.prepare(points);
  ASSERT_FALSE(shares.empty());
  for (const double share : shares) EXPECT_TRUE(share > 0 && share <= 1);
  const std::size_t told = shares.size();
  predictions.prepare(points);
  EXPECT_EQ(shares.size(), told);  // what is known is not computed again
}

}  // namespace
}  // namespace varprop::analysis
