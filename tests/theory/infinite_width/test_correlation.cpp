// c*, ξ_c and correlation profiles against published values, closed forms and plain iteration.
//
// Seen red with: K̄ in place of K in ξ_c; q/q' left out of the map; lines that are straight at 0 taken for
// bent ones; the fixed point −1 left out.
#include "theory/infinite_width/correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <tuple>
#include <vector>

#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {
namespace {

CorrelationLimit limit_of(const std::string& activation, double weight, double bias) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const Variances variances{weight, bias};
  return correlation_limit(predict.mean_field(), variances,
                           predict(variances, first_layer_variance(variances)));
}

/// 1 − c_1, 1 − c_2, ….
std::vector<double> distances_through(const MeanField& mean_field, Variances variances,
                                      const std::vector<double>& log_q, double first_distance) {
  std::vector<double> distances = pair_profile(mean_field, variances, log_q, first_distance).log_distance;
  for (double& x : distances) x = std::exp(x);
  return distances;
}

/// By iteration of c' = (3 sin θ cos θ + (π − θ)(1 + 2 cos² θ))/(3π), Cho & Saul's kernel of order 2,
/// whatever q does. Seen red: with the gain of logarithms beyond 10¹⁶ by their difference.
TEST(CorrelationLimit, OfASquaringActivationDoesNotDependOnQ) {
  for (const double weight : {0.3, 5.0}) {
    EXPECT_NEAR(*limit_of("relu2", weight, 0).c_star, 0.3799565530, 1e-9) << weight;
    EXPECT_NEAR(*limit_of("relu2", weight, 0).xi_c, 2.904712095, 1e-7) << weight;
  }
  const MeanField field(Activation::parse("relu2"));
  const auto log_q = log_variance_profile(field, {5, 0}, 0, 60);
  EXPECT_NEAR(1 - distances_through(field, {5, 0}, log_q, 0.5).back(), 0.3799565530, 1e-7);
}

TEST(CorrelationLimit, MeetsThePublishedRows) {
  for (const auto& [weight, xi_c] : {std::pair{1.0, 3.627}, {1.5, 15.791}}) {
    EXPECT_EQ(*limit_of("tanh", weight, .05).c_star, 1) << weight;
    EXPECT_NEAR(*limit_of("tanh", weight, .05).xi_c, xi_c, 5e-4) << weight;
  }
  EXPECT_EQ(*limit_of("tanh", 1.760955, .05).c_star, 1);
  EXPECT_EQ(limit_of("tanh", 1.760955, .05).xi_c.why(), "infinite: chi = 1");
  EXPECT_NEAR(*limit_of("tanh", 2, .05).c_star, 0.744082, 1e-6);
  EXPECT_NEAR(*limit_of("tanh", 2, .05).xi_c, 25.213, 5e-4);
  EXPECT_EQ(*limit_of("erf", 1, .05).c_star, 1);
  EXPECT_NEAR(*limit_of("erf", 1, .05).xi_c, 7.0407, 5e-5);
  EXPECT_NEAR(*limit_of("erf", 2, .05).c_star, 0.43448124, 1e-8);
  EXPECT_NEAR(*limit_of("erf", 2, .05).xi_c, 10.185, 5e-4);
}

/// χ − 1 from 1 down to 1e-5, where plain iteration would take a million layers: with erf's closed form.
TEST(CorrelationLimit, IsAFixedPointOfTheClosedFormUpToTheEdgeOfChaos) {
  constexpr double bias = .05;
  const InfiniteWidthPredictor predict(Activation::parse("erf"));
  for (const double weight : {5.0, 2.0, 1.4, 1.376, 1.37585}) {
    const Variances variances{weight, bias};
    const InfiniteWidth at = predict(variances, first_layer_variance(variances));
    const CorrelationLimit limit = correlation_limit(predict.mean_field(), variances, at);
    const long double q = *at.q_star, c = 1 - static_cast<long double>(*limit.distance);
    const long double half = 2 * q / (1 + 2 * q);
    const long double fall = std::asin(half) - std::asin(half * c);
    const long double next = weight * 2 / std::numbers::pi_v<long double> * fall / q;
    EXPECT_NEAR(static_cast<double>(next / *limit.distance), 1, 1e-9) << weight;
    EXPECT_GT(*limit.distance, 0) << weight;
    EXPECT_LT(limit.c_star_error, 1e-8) << weight;
  }
}

/// c* − 1 ∝ χ − 1 for smooth φ, ∝ (χ − 1)² where φ' jumps; ξ_c → 1/(χ − 1) for both sides' slopes 1 ± (χ −
/// 1)·k.
TEST(CorrelationLimit, LeavesOneAtTheEdgeOfChaosByItsPower) {
  const auto power = [](const char* activation, double edge) {
    const double near = *limit_of(activation, edge * (1 + 1e-4), .05).distance;
    return std::log2(*limit_of(activation, edge * (1 + 2e-4), .05).distance / near);
  };
  EXPECT_NEAR(power("tanh", 1.76095464), 1, 0.01);
  EXPECT_NEAR(power("hard_tanh", 1.16554469), 2, 0.02);
}

/// Iterated at q* from 2 % beside c*, above and below: the distance to it falls by e in ξ_c layers.
TEST(CorrelationLimit, IsApproachedByIterationInItsLength) {
  for (const auto& [activation, weight, bias] :
       {std::tuple{"tanh", 2.5, .1}, {"hard_tanh", 2.0, .3}, {"elu", 1.9, .05}, {"selu", 1.2, .1}}) {
    const InfiniteWidthPredictor predict(Activation::parse(activation));
    const Variances variances{weight, bias};
    const InfiniteWidth at = predict(variances, weight + bias);
    const CorrelationLimit limit = correlation_limit(predict.mean_field(), variances, at);
    const std::vector<double> log_q(11, std::log(*at.q_star));
    for (const double factor : {0.98, 1.02}) {
      const auto distances =
          distances_through(predict.mean_field(), variances, log_q, factor * *limit.distance);
      const double left = (distances[10] - *limit.distance) / (distances[0] - *limit.distance);
      EXPECT_NEAR(-10 / std::log(left) / *limit.xi_c, 1, 0.05) << activation << factor;
    }
  }
}

TEST(CorrelationLimit, ListsEveryFixedPoint) {
  EXPECT_EQ(limit_of("tanh", 1, .05).fixed_points, std::vector{1.0});
  EXPECT_EQ(limit_of("tanh", 3, 0).fixed_points, (std::vector{-1.0, 0.0, 1.0}));  // odd, no bias
  EXPECT_EQ(limit_of("selu", 1, 0).fixed_points, (std::vector{0.0, 1.0}));  // E φ = 0 at q = 1, not odd
  EXPECT_EQ(limit_of("erf", 2, .05).fixed_points.size(), 2u);
}

TEST(CorrelationLimit, WhereNoFixedPointHoldsTheSignal) {
  EXPECT_EQ(*limit_of("relu", 1.8, 0).c_star, 1);
  EXPECT_NEAR(*limit_of("relu", 1.8, 0).xi_c, -1 / std::log(.9), 1e-12);
  EXPECT_EQ(limit_of("relu", 2, 0).xi_c.why(), "infinite: chi = 1");
  EXPECT_EQ(*limit_of("relu", 2.2, 0).c_star, 1);
  EXPECT_EQ(limit_of("relu", 2.2, 0).xi_c.why(), "two signals move apart as they grow without bound");
  for (const char* activation : {"tanh", "linear"}) {
    EXPECT_EQ(limit_of(activation, .9, 0).c_star.why(),
              "the correlation ends at a value that depends on the inputs");
    EXPECT_NEAR(*limit_of(activation, .9, 0).xi_c, -1 / std::log(.9), 1e-12);
  }
}

/// ReLU's map at σ_w² = 2 from c = 0, published.
TEST(CorrelationProfile, OfReluMeetsThePublishedSequence) {
  const MeanField field(Activation::parse("relu"));
  const auto distances = distances_through(field, {2, 0}, std::vector<double>(1001, 0.0), 1);
  EXPECT_NEAR(1 - distances[1], 1 / std::numbers::pi, 1e-14);
  EXPECT_NEAR(1 - distances[2], 0.49373109, 5e-9);
  EXPECT_NEAR(1 - distances[3], 0.60482572, 5e-9);
  EXPECT_NEAR(1 - distances[10], 0.87153552, 5e-9);
  EXPECT_NEAR(1 - distances[100], 0.99642315, 5e-9);
  EXPECT_NEAR(1 - distances[1000], 0.99995687, 5e-9);
  const double pi = std::numbers::pi;
  EXPECT_NEAR(distances[1000] / (9 * pi * pi / (2 * 1000.0 * 1000.0)), 1, 0.04);
}

/// While q is still on its way: erf's closed form.
TEST(CorrelationProfile, OfErfIsThatOfTheClosedFormWhileTheVarianceChanges) {
  const MeanField field(Activation::parse("erf"));
  const Variances variances{3, .2};
  const auto log_q = log_variance_profile(field, variances, std::log(3.2), 8);
  const auto distances = distances_through(field, variances, log_q, 0.6);
  double c = 0.4;
  for (std::size_t l = 1; l < log_q.size(); ++l) {
    const double q = std::exp(log_q[l - 1]), C = 2 / std::numbers::pi * std::asin(2 * q * c / (1 + 2 * q));
    c = (variances.weight * C + variances.bias) / std::exp(log_q[l]);
    EXPECT_NEAR(1 - distances[l], c, 1e-12) << l;
  }
}

/// The gradients' cosine by erf's closed form, K = (4/π)/√((1 + 2q)² − (2qc)²).
TEST(GradientCorrelations, OfErfAreThoseOfTheClosedForm) {
  const MeanField field(Activation::parse("erf"));
  const Variances variances{3, .2};
  const auto log_q = log_variance_profile(field, variances, std::log(3.2), 8);
  const PairProfile profile = pair_profile(field, variances, log_q, 0.6);
  const auto gamma = gradient_correlations(profile, 6);
  ASSERT_EQ(gamma.size(), 6u);
  double expected = 1;
  for (std::size_t l = 6; l-- > 0;) {
    EXPECT_NEAR(gamma[l], expected, 1e-12) << l;
    if (l == 0) break;
    const double q = std::exp(log_q[l - 1]), c = 1 - std::exp(profile.log_distance[l - 1]);
    expected *= std::sqrt((1 + 4 * q) / (std::pow(1 + 2 * q, 2) - std::pow(2 * q * c, 2)));
  }
  EXPECT_TRUE(gradient_correlations(profile, 9).empty()) << "the profile ends before";
}

/// Far below what doubles tell of 1 − c: at q* every layer takes the factor χ.
TEST(CorrelationProfile, GoesOnBelowTheSmallestDouble) {
  const InfiniteWidthPredictor predict(Activation::parse("tanh"));
  const InfiniteWidth at = predict({1, .05}, 1.05);
  const std::vector<double> log_q(2001, std::log(*at.q_star));
  const auto log_distance = pair_profile(predict.mean_field(), {1, .05}, log_q, 0.5).log_distance;
  EXPECT_LT(log_distance[2000], -540);
  EXPECT_NEAR((log_distance[2000] - log_distance[200]) / 1800, std::log(at.chi), 1e-9);
}

TEST(CorrelationProfile, SurvivesAnySize) {
  for (const char* activation : {"relu", "tanh", "gelu"}) {
    const MeanField field(Activation::parse(activation));
    for (const double weight : {1e-100, 1e100}) {
      const auto log_q = log_variance_profile(field, {weight, 0}, std::log(weight), 12);
      for (const double distance : distances_through(field, {weight, 0}, log_q, 0.5)) {
        EXPECT_TRUE(distance >= 0 && distance <= 2) << activation << weight << " " << distance;
      }
    }
  }
}

}  // namespace
}  // namespace varprop::theory
