// Networks with a residual stream at infinite width, and exact moments at finite width, against numbers that
// were computed by other programs (quadrature, recursions, simulation).
//
// Seen to fail as each test says.
#include "theory/streams/stream_theory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "theory/infinite_width/correlation.hpp"

namespace varprop::theory {
namespace {

Point point_of(Block block, const char* activation, std::int32_t depth, double weight = 1,
               std::int64_t width = 512) {
  Point point{Activation::parse(activation),
              WeightDistribution::gaussian,
              WeightVariance(weight),
              BiasVariance(0),
              Width(width),
              Depth(depth)};
  point.block = block;
  return point;
}

StreamProfiles profiles_of(const Point& point, const NetworkSettings& settings = {}) {
  const auto profiles = stream_profiles(MeanField(point.activation), point, settings);
  EXPECT_TRUE(profiles) << profiles.why();
  return *profiles;
}

NetworkSettings two_inputs(double c_0) {
  NetworkSettings settings;
  settings.input_correlation = c_0;
  return settings;
}

double correlation(const StreamProfiles& profiles, std::size_t l) {
  return profiles.correlation[l];
}

TEST(StreamTheory, TanhGrowsLinearly) {
  for (const auto& [L, q, log_g] :
       {std::tuple(1, 1.394294, .38145), std::tuple(4, 2.903897, 1.31317), std::tuple(16, 11.204137, 3.63355),
        std::tuple(256, 230.229627, 17.22303)}) {
    const auto profiles = profiles_of(point_of(Block::mlp, "tanh", L));
    EXPECT_NEAR(std::exp(profiles.log_q.back()), q, 1e-6) << L;
    EXPECT_NEAR(profiles.log_g.front(), log_g, 1e-5) << L;
    EXPECT_EQ(profiles.log_g.back(), 0);
  }
}

TEST(StreamTheory, KappaIsTheTables) {
  const auto kappa = [](Block block, const char* activation, double weight) {
    Point point = point_of(block, activation, 1, weight);
    point.norm = Norm::pre_rms;
    return profiles_of(point).kappa;
  };
  for (const auto& [activation, at_1, at_2] :
       {std::tuple("linear", 1.0, 1.0), std::tuple("relu", 1.0, 1.0), std::tuple("leaky_relu(0.2)", 1.0, 1.0),
        std::tuple("abs", 1.0, 1.0), std::tuple("tanh", 1.177807, 1.344325),
        std::tuple("erf", 1.225700, 1.437874), std::tuple("sin", 1.313035, 2.074629),
        std::tuple("elu", 1.035905, 1.046063), std::tuple("selu", 1.071575, 1.099198),
        std::tuple("gelu", 1.072032, 1.061753), std::tuple("silu", 1.066634, 1.068313),
        std::tuple("softplus", .318459, .460833), std::tuple("sigmoid", .152827, .232565),
        std::tuple("relu2", 4.0 / 3, 4.0 / 3)}) {
    EXPECT_NEAR(kappa(Block::mlp, activation, 1), at_1, 1e-6) << activation;
    EXPECT_NEAR(kappa(Block::mlp, activation, 2), at_2, 1e-6) << activation;
    EXPECT_NEAR(kappa(Block::residual, activation, 2), at_1, 1e-6) << activation;
    EXPECT_NEAR(kappa(Block::glu, activation, 1), 1 + at_1, 1e-6) << activation;
  }
}

TEST(StreamTheory, ReluCorrelatesByOneCurve) {
  Point point = point_of(Block::mlp, "relu", 100, 2);
  point.output_ratio = OutputRatio(.5);  // σ₁² = 2, σ₂² = 1: B = 1
  auto profiles = profiles_of(point, two_inputs(0));
  EXPECT_NEAR(correlation(profiles, 1), .15915494, 1e-8);
  EXPECT_NEAR(correlation(profiles, 3), .37586591, 1e-8);
  EXPECT_NEAR(correlation(profiles, 100), .98709242, 1e-8);
  point.branch_power = BranchPower(.5);
  for (const auto& [L, c] : {std::pair(16, .24451413), std::pair(10000, .25384353)}) {
    point.depth = Depth(L);
    EXPECT_NEAR(correlation(profiles_of(point, two_inputs(0)), static_cast<std::size_t>(L)), c, 1e-8);
  }
  point = point_of(Block::mlp, "relu", 16, 2);
  point.norm = Norm::pre_rms;
  profiles = profiles_of(point, two_inputs(0));
  EXPECT_NEAR(correlation(profiles, 1), .31830989 * 2 / 3, 1e-6) << "q = 1 + 2";
  point.output_ratio = OutputRatio(.5);
  profiles = profiles_of(point, two_inputs(0));
  EXPECT_NEAR(correlation(profiles, 1), .15915494, 1e-8);
  EXPECT_NEAR(correlation(profiles, 16), .49247837, 1e-8);
}

/// A pair of gradients under one V forgets its cosine by K/D in branches alone.
TEST(StreamTheory, GradientsOfTwoInputsPartInBranches) {
  Point point = point_of(Block::mlp, "relu", 1, 2);
  point.output_ratio = OutputRatio(.5);
  auto profiles = profiles_of(point, two_inputs(0));
  EXPECT_DOUBLE_EQ(profiles.gamma[1], 1);
  EXPECT_NEAR(profiles.gamma[0], (1 + .5) / 2, 1e-12);
  point.skip = Skip(0);
  EXPECT_NEAR(profiles_of(point, two_inputs(0)).gamma[0], .5, 1e-12);
}

TEST(StreamTheory, PreNormIsAProduct) {
  const auto log_g = [](Block block, const char* activation, double in, double out, double hidden) {
    Point point = point_of(block, activation, 64, in);
    point.norm = Norm::pre_rms;
    point.output_ratio = OutputRatio(out / in);
    point.hidden_ratio = HiddenRatio(hidden);
    const auto profiles = profiles_of(point);
    const double v = std::exp(profiles.log_q[1]) - 1;
    EXPECT_NEAR(profiles.log_g[0], log_pre_norm_gain(1 / v, profiles.kappa, 64), 1e-9);
    return profiles.log_g[0];
  };
  EXPECT_NEAR(log_g(Block::mlp, "relu", 2, 1, 1), 4.1744, 5e-5);
  EXPECT_NEAR(log_g(Block::mlp, "gelu", 1, 1, 1), 3.5658, 5e-5);
  EXPECT_NEAR(log_g(Block::glu, "relu", 1, 1, .5), 6.6026, 5e-5);
}

TEST(StreamTheory, PostNormHasTheRateOfKappa) {
  for (const auto& [activation, rate] : {std::pair("relu", 0.0), std::pair("tanh", .04906)}) {
    Point point = point_of(Block::mlp, activation, 20);
    point.norm = Norm::post_layer;
    const auto profiles = profiles_of(point);
    EXPECT_NEAR((profiles.log_g[1] - profiles.log_g[20]) / 19, rate, 5e-6);
    EXPECT_EQ(profiles.log_q.back(), 0);
  }
}

TEST(StreamTheory, GatesHaveAnUnstableFixedPoint) {
  for (const auto& [activation, q, slope, chi] :
       {std::tuple("relu", 2.0, 2.0, 2.0), std::tuple("silu", 2.42973252, 2.146807, 2.067060),
        std::tuple("gelu", 2.15505706, 2.083593, 2.060406)}) {
    Point point = point_of(Block::glu, activation, 1);
    point.skip = Skip(0);
    const auto through = [&](double q_0) { return profiles_of(point, {.input_mean_square = q_0}); };
    EXPECT_NEAR(std::exp(through(q).log_q[1]), q, 1e-7) << activation;
    EXPECT_NEAR((through(q * std::exp(.01)).log_q[1] - through(q * std::exp(-.01)).log_q[1]) / .02, slope,
                1e-5);
    EXPECT_NEAR(std::exp(through(q).log_g[0]), chi, 1e-6);
  }
}

/// GPT-2 small: std 0.02, output projections over √(2N).
TEST(StreamTheory, FollowsGpt2AtItsDefaults) {
  Point point = point_of(Block::transformer, "gelu", 12, 4e-4, 768);
  point.norm = Norm::pre_layer;
  point.hidden_ratio = HiddenRatio(4);
  point.branch_scale = BranchScale(std::sqrt(.5));
  point.branch_power = BranchPower(.5);
  const NetworkSettings settings{.variance_scaling = VarianceScaling::none, .input_mean_square = .0008};
  const auto profiles = profiles_of(point, settings);
  EXPECT_NEAR(profiles.kappa, 1.0688, 5e-5);
  EXPECT_NEAR(std::exp(profiles.log_q[1]), .01018, 5e-6);
  EXPECT_NEAR(std::exp(profiles.log_q.back()), .11341, 5e-6);
  EXPECT_NEAR(std::exp(profiles.log_g[0]), 159.5, .05);
}

TEST(StreamTheory, FollowsLlamaAtItsDefaults) {
  Point point = point_of(Block::transformer_glu, "silu", 32, 4e-4, 4096);
  point.norm = Norm::pre_rms;
  point.hidden_ratio = HiddenRatio(11008.0 / 4096);
  const NetworkSettings settings{.variance_scaling = VarianceScaling::none, .input_mean_square = .0004};
  const auto profiles = profiles_of(point, settings);
  EXPECT_NEAR(profiles.kappa, 2.0689, 5e-5);
  EXPECT_NEAR(std::exp(profiles.log_q.back()), 232.3, .05);
  EXPECT_NEAR(std::exp(profiles.log_g[0]), 6.7e6, .05e6);
}

/// Attention alone: 1 − c' = (1−c)(Y₂−Y₁₁)/(c+(1−c)Y₂), cubic as c → 1.
TEST(StreamTheory, AttentionCollapsesCubically) {
  Point point = point_of(Block::attention, "relu", 1, 1, 4096);
  point.tokens = Tokens(8);
  point.heads = Heads(64);
  point.skip = Skip(0);
  NetworkSettings settings;
  settings.token_correlation = .9;
  EXPECT_NEAR(std::exp(profiles_of(point, settings).log_distance[1]), 1.243e-4 * std::exp(0), .014e-4 * 2);
  settings.token_correlation = 1 - 1e-5;
  EXPECT_NEAR(std::exp(profiles_of(point, settings).log_distance[1]) / (1e-15 * 7 / 64), 1, 1e-3);
}

/// ReLU, all variances 1, c_0 = .2, attention uniform: 1/d of heads of many neurons.
TEST(StreamTheory, TokensOfTransformersMeet) {
  Point point = point_of(Block::transformer, "relu", 24, 1, 1 << 19);
  point.tokens = Tokens(8);
  NetworkSettings settings;
  settings.token_correlation = .2;
  settings.attention_scale = AttentionScale::linear;
  for (const auto& [norm, c_6, c_12, c_24] : {std::tuple(Norm::post_rms, .972915, .999582, 1.0),
                                              std::tuple(Norm::pre_rms, .780187, .865839, .918622)}) {
    point.norm = norm;
    const auto profiles = profiles_of(point, settings);
    EXPECT_NEAR(correlation(profiles, 6), c_6, 2e-6);
    EXPECT_NEAR(correlation(profiles, 12), c_12, 2e-6);
    EXPECT_NEAR(correlation(profiles, 24), c_24, 2e-6);
  }
}

/// |D_i|² = g, D_i·D_j = 0 at the top, q = 1, p = c: (F.1)'s three means.
TEST(StreamTheory, WeightsOfUniformAttention) {
  Point point = point_of(Block::attention, "relu", 1, 1, 1 << 16);
  point.tokens = Tokens(4);
  point.query_ratio = QueryRatio(.3), point.value_ratio = ValueRatio(.7);
  point.attention_output_ratio = AttentionOutputRatio(1.1), point.branch_scale = BranchScale(.5);
  NetworkSettings settings;
  settings.token_correlation = .2;
  settings.attention_scale = AttentionScale::linear;
  const auto profiles = profiles_of(point, settings);
  const double n = 1 << 16, T = 4, c = .2, g = 1 / T;
  const auto group = [&](MatrixRole role) { return std::exp(profiles.log_groups[role][1]); };
  const double query = .25 * n * .3 * .7 * 1.1 * g * std::pow(1 - c, 2) * (T - 1) / T / n;  // 1/d, d = n
  EXPECT_NEAR(group(MatrixRole::query) / query, 1, 1e-4);
  EXPECT_NEAR(group(MatrixRole::key) / query, 1, 1e-4);
  EXPECT_NEAR(group(MatrixRole::value) / (.25 * n * 1.1 * g * (1 + (T - 1) * c)), 1, 1e-4);
  EXPECT_NEAR(group(MatrixRole::attention_out) / (.25 * T * g * n * .7 * (1 + (T - 1) * c) / T), 1, 1e-4);
}

TEST(StreamTheory, MomentsAreExact) {
  Point point = point_of(Block::mlp, "relu", 8, 2, 64);
  point.output_ratio = OutputRatio(.5);
  EXPECT_NEAR(std::exp(exact_stream_moments(point, {})->log_mean), 256, 1e-9);
  EXPECT_NEAR(std::exp(exact_stream_moments(point, {})->log_square), 1.4067, 5e-5);
  point.branch_power = BranchPower(.5);
  for (const auto& [L, square] : {std::pair(16, 1.0634), std::pair(256, 1.0644)}) {
    point.depth = Depth(L);
    EXPECT_NEAR(std::exp(exact_stream_moments(point, {})->log_square), square, 5e-5);
  }
  const LogNormalLimit limit = deep_stream_limit(1, 64);
  point.depth = Depth(1 << 18);
  const auto deep = exact_stream_moments(point, {});
  EXPECT_NEAR(deep->log_mean, limit.mean + limit.variance / 2, 1e-5);
  EXPECT_NEAR(deep->log_square, limit.variance, 1e-5);
  EXPECT_DOUBLE_EQ(deep_stream_limit(1, 8).mean, .75);
  EXPECT_DOUBLE_EQ(deep_stream_limit(1, 8).variance, .5);
  point.norm = Norm::pre_rms;
  EXPECT_FALSE(exact_stream_moments(point, {}));
}

TEST(StreamTheory, FindsTheBranchScaleThatHolds) {
  Point point = point_of(Block::mlp, "relu", 64, 2);  // B = 2: both totals are 64 ln(1 + 2β²)
  const MeanField mean_field(point.activation);
  const double log_factor = std::log(100);
  const auto nearest = nearest_stable_branch_scale(mean_field, point, {}, log_factor);
  EXPECT_NEAR(*nearest, std::sqrt(std::expm1(.9 * log_factor / 64) / 2), 1e-5);
  point.branch_scale = BranchScale(.05);
  EXPECT_DOUBLE_EQ(*nearest_stable_branch_scale(mean_field, point, {}, log_factor), .05);
  point.skip = Skip(2);
  EXPECT_FALSE(nearest_stable_branch_scale(mean_field, point, {}, log_factor));
}

TEST(StreamTheory, FollowsGatesUntilTheyOverflow) {
  Point point = point_of(Block::glu, "relu", 200, 8);
  EXPECT_EQ(profiles_of(point).log_q.back(), HUGE_VAL);
  EXPECT_EQ(profiles_of(point).log_g.front(), HUGE_VAL);
  point.weight_variance = WeightVariance(.1);
  point.skip = Skip(0);
  EXPECT_EQ(profiles_of(point).log_q.back(), -HUGE_VAL);
  EXPECT_EQ(profiles_of(point).log_g.front(), -HUGE_VAL);
}

TEST(StreamTheory, SaysWhatItDoesNotFollow) {
  Point point = point_of(Block::attention, "relu", 4);
  point.tokens = Tokens(4);
  const MeanField mean_field(point.activation);
  EXPECT_FALSE(stream_profiles(mean_field, point, {.attention_mask = AttentionMask::causal}));
  point = point_of(Block::residual, "relu", 4);
  EXPECT_FALSE(stream_profiles(mean_field, point, {.input = InputDistribution::positive}));
  point = point_of(Block::glu, "relu", 4);
  EXPECT_TRUE(stream_profiles(mean_field, point, {.input = InputDistribution::positive}));
}

}  // namespace
}  // namespace varprop::theory
