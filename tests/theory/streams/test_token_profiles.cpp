// Streams of tokens that are unlike: without a mask they are those of tokens that are alike, which other
// modules follow by one number for all pairs; tests/statistical/test_stream_limits.cpp has the masked ones.
//
// Seen red: with norms' Jacobians on the diagonal alone; with the mask left out.
#include "theory/streams/token_profiles.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop::theory {
namespace {

Point transformer(Block block, const char* activation, Norm norm) {
  Point point{Activation::parse(activation),
              WeightDistribution::gaussian,
              WeightVariance(.8),
              BiasVariance(has_biases(block) ? .2 : 0),
              Width(512),
              Depth(5)};
  point.block = block;
  point.norm = norm;
  point.tokens = Tokens(4);
  point.skip = Skip(.9);
  point.branch_scale = BranchScale(.7);
  point.value_ratio = ValueRatio(.6);
  if (has_activation(block))
    point.keep = Keep(.8), point.hidden_ratio = HiddenRatio(2), point.output_ratio = OutputRatio(.5);
  return point;
}

TEST(TokenProfiles, OfTokensThatAreAlike) {
  for (const Block block : {Block::attention, Block::transformer, Block::transformer_glu}) {
    for (const Norm norm : {Norm::pre_rms, Norm::post_layer}) {
      const Point point = transformer(block, block == Block::transformer ? "gelu" : "tanh", norm);
      const NetworkSettings settings{.input_mean_square = 1.5, .token_correlation = .3};
      const MeanField mean_field(point.activation);
      const StreamProfiles tokens = token_profiles(mean_field, stream_network(point, settings));
      const StreamProfiles alike = *stream_profiles(mean_field, point, settings);
      for (std::size_t l = 0; l <= 5; ++l) {
        EXPECT_NEAR(tokens.log_q[l], alike.log_q[l], .005) << l;
        EXPECT_NEAR(tokens.log_g[l], alike.log_g[l], .01) << l;
        EXPECT_NEAR(tokens.correlation[l], alike.correlation[l], .005) << l;
        EXPECT_NEAR(tokens.log_distance[l], alike.log_distance[l], .02) << l;
        EXPECT_NEAR(tokens.gamma[l], alike.gamma[l], .005) << l;
        if (l == 0) continue;
        for (std::size_t role = 0; role < matrix_roles; ++role) {
          if (!has_matrix(block, static_cast<MatrixRole>(role))) continue;
          EXPECT_NEAR(tokens.log_groups.values[role][l], alike.log_groups.values[role][l], .03)
              << l << ' ' << role;
        }
        EXPECT_NEAR(tokens.log_weight_gradient[l], alike.log_weight_gradient[l], .02) << l;
        if (has_activation(block)) {
          EXPECT_NEAR(tokens.log_a[l], alike.log_a[l], 1e-6);
        }
      }
    }
  }
}

TEST(TokenProfiles, OfACausalMaskAreOthers) {
  Point point = transformer(Block::attention, "relu", Norm::pre_rms);
  const MeanField mean_field(point.activation);
  NetworkSettings causal{.attention_mask = AttentionMask::causal};
  const auto masked = stream_profiles(mean_field, point, causal);
  ASSERT_TRUE(masked) << masked.why();
  EXPECT_GT(masked->log_q.back(), stream_profiles(mean_field, point, {})->log_q.back() + .05);
  EXPECT_EQ(masked->log_g.back(), 0);
  point.tokens = Tokens(most_unlike_tokens + 1);
  EXPECT_FALSE(stream_profiles(mean_field, point, causal));
  point.tokens = Tokens(2);
  point.norm = Norm::none;
  EXPECT_FALSE(stream_profiles(mean_field, point, causal));
}

}  // namespace
}  // namespace varprop::theory
