// The grid, its points in order, their canonical text, and the choice of recorded layers.
#include "core/sweep/sweep.hpp"
#include "tests/fixtures/thrown.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace varprop {
namespace {

Sweep small_sweep() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("leaky_relu(0.2)")},
                {WeightDistribution::gaussian},
                {WeightVariance(1), WeightVariance(1.5)},
                {BiasVariance(0.05)},
                {Width(64), Width(128), Width(256)},
                {Depth(16)}};
  sweep.replicas = 64;
  sweep.layers = recorded_layers(sweep.grid.depth, 256);
  return sweep;
}

TEST(Sweep, PointsFollowRowMajorOrderWithTheLastAxisFastest) {
  const Sweep sweep = small_sweep();
  EXPECT_EQ(sweep.point_count(), 12);
  const Point point = sweep.point(PointIndex(1 * 6 + 1 * 3 + 2));
  EXPECT_EQ(point.activation.text(), "leaky_relu(0.2)");
  EXPECT_EQ(point.weight_variance.value(), 1.5);
  EXPECT_EQ(point.width.value(), 256);
}

TEST(Sweep, CanonicalTextOfAPointNamesItsNumbers) {
  const Sweep sweep = small_sweep();
  EXPECT_EQ(
      canonical_text(sweep.point(PointIndex(0)), sweep.network),
      "numerics_version=3;activation=tanh;weights=gaussian;weight_variance=1;bias_variance=0.05;width=64;"
      "depth=16;variance_scaling=fan_in;input=sphere;engine=conditional;inputs=1");
}

TEST(Sweep, CanonicalTextsNameTheCorrelationOfTwoInputs) {
  Sweep sweep = small_sweep();
  const std::string before = identity(sweep);
  sweep.network.input_correlation = 0.25;
  const std::string text = canonical_text(sweep.point(PointIndex(0)), sweep.network);
  EXPECT_TRUE(text.ends_with(";inputs=2;input_correlation=0.25")) << text;
  EXPECT_NE(identity(sweep), before);
}

TEST(Sweep, CanonicalTextsNameTheInputsMeanSquareOffItsDefaultOnly) {
  Sweep sweep = small_sweep();
  const std::string before = identity(sweep);
  sweep.network.input_mean_square = 1;
  EXPECT_EQ(identity(sweep), before);
  sweep.network.input_mean_square = 0.25;
  const std::string text = canonical_text(sweep.point(PointIndex(0)), sweep.network);
  EXPECT_TRUE(text.ends_with(";inputs=1;input_mean_square=0.25")) << text;
  EXPECT_TRUE(canonical_text(sweep).ends_with("input_mean_square = 0.25\n")) << canonical_text(sweep);
  EXPECT_NE(identity(sweep), before);
}

/// Where "auto" has another engine than before: a sweep is another one, its points are by their engine.
TEST(Sweep, CanonicalTextsSayWhereEnginesOfBlocksAreChosenAnew) {
  Sweep sweep = small_sweep();
  const auto says = [&](Block block, Engine engine) {
    sweep.grid.block = {block};
    sweep.network.engine = engine;
    const std::string text = canonical_text(sweep);
    return text.substr(text.find("networks = "), 12);
  };
  EXPECT_EQ(says(Block::mlp, Engine::automatic), "networks = 2");
  EXPECT_EQ(says(Block::mlp, Engine::deferred), "networks = 1");
  EXPECT_EQ(says(Block::residual, Engine::automatic), "networks = 1");
  EXPECT_EQ(says(Block::attention, Engine::deferred), "networks = 2");
  EXPECT_NE(canonical_text(sweep.point(PointIndex(0)), sweep.network).find(";networks=2;"),
            std::string::npos);
  sweep.grid.block = {Block::mlp};
  EXPECT_NE(canonical_text(sweep.point(PointIndex(0)), sweep.network).find(";networks=1;"),
            std::string::npos);
  sweep.network.input_correlation = 0.5;
  EXPECT_EQ(says(Block::mlp, Engine::conditional), "networks = 3") << "two inputs";
  EXPECT_NE(canonical_text(sweep.point(PointIndex(0)), sweep.network).find(";networks=3;"),
            std::string::npos);
}

TEST(Sweep, IdentityIgnoresTheTitleAndSeesTheSeed) {
  Sweep sweep = small_sweep();
  const std::string before = identity(sweep);
  sweep.title = "another";
  EXPECT_EQ(identity(sweep), before);
  sweep.seed = 2;
  EXPECT_NE(identity(sweep), before);
}

TEST(RecordedLayers, AreAllOfThemWhereTheyFit) {
  std::vector<std::int32_t> all(256);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(recorded_layers({Depth(16), Depth(64), Depth(256)}, 256), all);
}

TEST(RecordedLayers, IncludeBothEndsOfEveryDepthWithinTheLimit) {
  const auto layers = recorded_layers({Depth(10), Depth(1000)}, 8);
  EXPECT_LE(layers.size(), 8u);
  for (const int end : {1, 10, 1000}) EXPECT_NE(std::find(layers.begin(), layers.end(), end), layers.end());
}

/// The definition, word for word.
std::set<std::int32_t> union_of_evenly_spaced(const std::vector<Depth>& depths, std::int64_t k) {
  std::set<std::int32_t> layers;
  for (const Depth depth : depths) {
    const std::int64_t L = depth.value(), count = std::min<std::int64_t>(k, L);
    layers.insert(depth.value());
    for (std::int64_t j = 0; j + 1 < count; ++j) {
      const std::int64_t numerator = 2 * j * (L - 1) + (count - 1);  // round half up
      layers.insert(static_cast<std::int32_t>(1 + numerator / (2 * (count - 1))));
    }
  }
  return layers;
}

TEST(RecordedLayers, AreTheLargestUnionOfEvenlySpacedLayersThatFits) {
  for (const std::vector<Depth>& depths :
       {std::vector{Depth(1)}, std::vector{Depth(2), Depth(3)}, std::vector{Depth(5), Depth(64), Depth(127)},
        std::vector{Depth(99), Depth(100), Depth(256)}}) {
    for (std::int64_t limit = 5; limit <= 130; ++limit) {
      std::int64_t k = limit;
      while (static_cast<std::int64_t>(union_of_evenly_spaced(depths, k).size()) > limit) --k;
      const auto expected = union_of_evenly_spaced(depths, k);
      EXPECT_EQ(recorded_layers(depths, limit), std::vector<std::int32_t>(expected.begin(), expected.end()))
          << limit;
    }
  }
}

TEST(RecordedLayers, RefuseALimitBelowTheEnds) {
  EXPECT_THROW(recorded_layers({Depth(10), Depth(1000)}, 2), InputError);
  EXPECT_EQ(recorded_layers({Depth(1)}, 1), std::vector<std::int32_t>{1});
}

TEST(Activation, TextRoundTripsAndErrorsSuggest) {
  EXPECT_EQ(Activation::parse("leaky_relu").text(), "leaky_relu(0.01)");
  const std::string message = thrown_by([] { Activation::parse("tahn"); });
  EXPECT_NE(message.find("Did you mean \"tanh\"?"), std::string::npos) << message;
}

}  // namespace
}  // namespace varprop
