// Which engine simulates a point, and why another cannot. Seen red: with the table in another order, with a
// width that counts in the choice.
#include "core/network/engine_choice.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

Point point_of(const char* activation, WeightDistribution weights, std::int64_t width = 64) {
  return {Activation::parse(activation), weights, WeightVariance(1), BiasVariance(0), Width(width), Depth(4)};
}

NetworkSettings two_inputs(double correlation = 0.5) {
  NetworkSettings settings;
  settings.input_correlation = correlation;
  return settings;
}

TEST(Engines, AreChosenInTheirOrder) {
  const NetworkSettings one;
  EXPECT_EQ(resolve_engine(point_of("relu", WeightDistribution::gaussian), one), Engine::radial);
  EXPECT_EQ(resolve_engine(point_of("relu", WeightDistribution::gaussian), two_inputs()),
            Engine::conditional);
  EXPECT_EQ(resolve_engine(point_of("tanh", WeightDistribution::gaussian), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(point_of("relu", WeightDistribution::orthogonal), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(point_of("relu", WeightDistribution::uniform), one), Engine::dense);
}

TEST(Engines, AreChosenWhateverTheWidth) {
  const Point narrow = point_of("tanh", WeightDistribution::orthogonal, 2);
  EXPECT_EQ(resolve_engine(narrow, two_inputs()), Engine::conditional);
  EXPECT_TRUE(obstacle(Engine::conditional, narrow, two_inputs()).has_value());
  EXPECT_EQ(obstacle(Engine::dense, narrow, two_inputs()), std::nullopt);
}

TEST(Engines, TheOneAskedForIsTaken) {
  NetworkSettings settings;
  settings.engine = Engine::dense;
  EXPECT_EQ(resolve_engine(point_of("relu", WeightDistribution::gaussian), settings), Engine::dense);
}

Point changed(Norm norm, double keep, std::int64_t width = 64, const char* activation = "relu") {
  Point point = point_of(activation, WeightDistribution::gaussian, width);
  point.norm = norm;
  point.keep = Keep(keep);
  return point;
}

TEST(Engines, OfNormsDropoutAndUnequalLayersAreChosenInTheSameOrder) {
  const NetworkSettings one;
  EXPECT_EQ(resolve_engine(changed(Norm::none, 0.5), one), Engine::radial);
  EXPECT_EQ(resolve_engine(changed(Norm::post_rms, 0.5), one), Engine::radial);
  EXPECT_EQ(resolve_engine(changed(Norm::pre_layer, 1), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(changed(Norm::pre_rms, 1, 64, "tanh"), one), Engine::conditional);
  Point unequal = point_of("relu", WeightDistribution::gaussian);
  unequal.input_width = InputWidth(784);
  EXPECT_EQ(resolve_engine(unequal, one), Engine::radial);
}

TEST(Engines, SayWhatNormsDropoutAndUnequalLayersNeed) {
  const auto says = [](const Point& point, const NetworkSettings& settings = {}) {
    return obstacle(resolve_engine(point, settings), point, settings).value_or("nothing");
  };
  EXPECT_EQ(says(changed(Norm::pre_rms, 1, 1)),
            "passes no gradient through norm \"pre_rms\" of 1 neuron: at least 2 a hidden layer are needed");
  EXPECT_EQ(
      says(changed(Norm::post_layer, 1, 2)),
      "passes no gradient through norm \"post_layer\" of 2 neurons: at least 3 a hidden layer are needed");
  EXPECT_EQ(says(changed(Norm::post_layer, 1, 3)), "nothing");
  EXPECT_EQ(says(changed(Norm::none, 0.5, 1)), "nothing");
  Point narrow = changed(Norm::pre_rms, 1, 4);
  narrow.shape = Shape::parse("1:0.25");
  EXPECT_NE(says(narrow), "nothing") << "the last hidden layer has one neuron";
  narrow.depth = Depth(2);
  EXPECT_EQ(says(narrow), "nothing") << "the one hidden layer has four";
  EXPECT_EQ(obstacle(Engine::radial, changed(Norm::pre_layer, 1), {}).value_or("nothing"),
            "normalizes layers by their mean square, not by their mean too, as pre_layer does");
  Point orthogonal = point_of("tanh", WeightDistribution::orthogonal);
  orthogonal.output_width = OutputWidth(10);
  EXPECT_NE(says(orthogonal).find("layers of one width only"), std::string::npos);
  Point wide = point_of("relu", WeightDistribution::uniform, 1 << 20);
  wide.shape = Shape::parse("1:2:1");
  EXPECT_NE(says(wide).find("at most 1048576 neurons a layer"), std::string::npos);
}

Point stream_of(Block block, const char* activation = "relu") {
  Point point = point_of(activation, WeightDistribution::gaussian);
  point.block = block;
  return point;
}

TEST(Engines, OfStreamsKnowThemByTheirLengthWhereNothingElseTouchesThem) {
  const NetworkSettings one;
  EXPECT_EQ(resolve_engine(stream_of(Block::mlp), one), Engine::radial);
  EXPECT_EQ(resolve_engine(stream_of(Block::transformer, "abs"), one), Engine::radial);
  EXPECT_EQ(resolve_engine(stream_of(Block::attention, "tanh"), one), Engine::radial) << "has no activation";
  EXPECT_EQ(resolve_engine(stream_of(Block::mlp, "tanh"), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(stream_of(Block::glu), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(stream_of(Block::transformer_glu, "silu"), one), Engine::conditional);
  EXPECT_EQ(resolve_engine(stream_of(Block::residual), one), Engine::deferred);
  Point point = stream_of(Block::mlp);
  point.norm = Norm::post_layer;
  point.keep = Keep(0.5);
  EXPECT_EQ(resolve_engine(point, one), Engine::radial);
  point.weights = WeightDistribution::uniform;
  EXPECT_EQ(resolve_engine(point, one), Engine::dense);
  Point tokens = stream_of(Block::transformer);
  tokens.tokens = Tokens(2);
  const auto says = [](Engine engine, const Point& of) {
    return obstacle(engine, of, {}).value_or("nothing");
  };
  EXPECT_EQ(says(Engine::conditional, tokens), "simulates streams of one token");
  EXPECT_EQ(
      says(Engine::radial, stream_of(Block::residual)),
      "simulates streams that matrices and norms alone touch, not residual blocks, whose activation acts "
      "on every neuron of theirs");
  EXPECT_EQ(says(Engine::radial, stream_of(Block::glu)),
            "has no gates: those of single neurons must be drawn");
  EXPECT_EQ(says(Engine::conditional, point), "needs gaussian weights in blocks with a stream, not uniform");
}

TEST(Engines, TakeTwoInputsThroughTheNetworksOfTheFirstAxesOnly) {
  const auto says = [](const Point& point) {
    const NetworkSettings two = two_inputs();
    return obstacle(resolve_engine(point, two), point, two).value_or("nothing");
  };
  EXPECT_NE(says(changed(Norm::pre_rms, 1)).find("without norms only"), std::string::npos);
  EXPECT_NE(says(changed(Norm::none, 0.9)).find("without dropout only"), std::string::npos);
  Point unequal = point_of("relu", WeightDistribution::gaussian);
  unequal.output_width = OutputWidth(10);
  EXPECT_NE(says(unequal).find("in layers of one width only"), std::string::npos);
}

TEST(Engines, TakeSeveralTokensByTheirInnerProducts) {
  const NetworkSettings one;
  const auto says = [&](Point point) { return obstacle(Engine::gram, point, one).value_or("nothing"); };
  Point point = point_of("gelu", WeightDistribution::gaussian);
  for (const Block block : {Block::attention, Block::transformer, Block::transformer_glu}) {
    point.block = block;
    if (block == Block::attention) point.activation = Activation::parse("relu");
    point.tokens = Tokens(8);
    EXPECT_EQ(resolve_engine(point, one), Engine::gram) << word_of(block);
    EXPECT_EQ(says(point), "nothing") << word_of(block);
    point.tokens = Tokens(1);
    EXPECT_NE(resolve_engine(point, one), Engine::gram) << word_of(block);
    EXPECT_EQ(says(point), "simulates several tokens, not one");
    point.activation = Activation::parse("gelu");
  }
  point.tokens = Tokens(8);
  point.weights = WeightDistribution::uniform;
  EXPECT_EQ(resolve_engine(point, one), Engine::dense);
  EXPECT_EQ(says(point), "needs gaussian weights, not uniform");
  point.weights = WeightDistribution::gaussian;
  point.width = Width(1 << 21);
  EXPECT_EQ(says(point), "can hold at most 1048576 hidden neurons");
  point.block = Block::attention;
  point.activation = Activation::parse("relu");
  EXPECT_EQ(says(point), "nothing");
  point.heads = Heads(1 << 18);
  EXPECT_EQ(says(point), "can hold at most 131072 heads of so many tokens");
  point.block = Block::mlp;
  EXPECT_EQ(says(point), "simulates attention and transformers, not mlp blocks");
  Point wide = stream_of(Block::mlp);
  wide.hidden_ratio = HiddenRatio(1e7);
  EXPECT_EQ(obstacle(Engine::deferred, wide, one), "can hold at most 1048576 hidden neurons");
  EXPECT_EQ(obstacle(Engine::dense, wide, one), "can hold at most 1048576 hidden neurons");
  EXPECT_EQ(obstacle(Engine::conditional, wide, one), std::nullopt);
  wide.hidden_ratio = HiddenRatio(1e300);
  EXPECT_NE(obstacle(Engine::conditional, wide, one).value_or("").find("hidden_ratio makes more"),
            std::string::npos);
}

TEST(Engines, TakeTwoInputsThroughStreamsOfHiddenNeurons) {
  const auto says = [](const Point& point) {
    const NetworkSettings two = two_inputs();
    return obstacle(resolve_engine(point, two), point, two).value_or("nothing");
  };
  Point mlp = stream_of(Block::mlp);
  EXPECT_EQ(resolve_engine(mlp, two_inputs()), Engine::conditional);
  EXPECT_EQ(says(mlp), "nothing");
  Point glu = stream_of(Block::glu);
  EXPECT_NE(says(glu).find("behind norms only"), std::string::npos);
  EXPECT_NE(says(stream_of(Block::mlp, "relu2")).find("behind norms only"), std::string::npos);
  glu.width = mlp.width = Width(2);
  glu.norm = mlp.norm = Norm::pre_rms;
  EXPECT_EQ(says(mlp), "nothing");
  EXPECT_EQ(says(glu), "nothing");
  mlp.keep = Keep(0.9);
  EXPECT_NE(says(mlp).find("in streams without dropout only"), std::string::npos);
  mlp.keep = Keep(1);
  mlp.norm = Norm::none;
  mlp.width = Width(1);
  const NetworkSettings equal = two_inputs(1);
  EXPECT_NE(obstacle(Engine::conditional, mlp, equal)->find("in streams of at least 2 neurons"),
            std::string::npos);
  EXPECT_NE(says(stream_of(Block::residual)).find("not residual blocks"), std::string::npos);
  EXPECT_NE(says(stream_of(Block::attention)).find("plain layers, mlp and glu blocks only"),
            std::string::npos);
  Point plain = point_of("tanh", WeightDistribution::gaussian);
  plain.norm = Norm::pre_rms;
  EXPECT_NE(says(plain).find("in plain layers without norms only"), std::string::npos);
  Point uniform = stream_of(Block::mlp);
  uniform.weights = WeightDistribution::uniform;
  EXPECT_NE(says(uniform).find("through plain layers only"), std::string::npos);
}

TEST(Engines, SayWhatTheyNeed) {
  const auto says = [](Engine engine, const Point& point, const NetworkSettings& settings) {
    return obstacle(engine, point, settings).value_or("nothing");
  };
  const NetworkSettings one;
  EXPECT_EQ(says(Engine::radial, point_of("tanh", WeightDistribution::gaussian), one),
            "needs an activation of two straight lines, such as relu, not tanh");
  EXPECT_EQ(says(Engine::radial, point_of("relu", WeightDistribution::rademacher), one),
            "needs gaussian weights, not rademacher");
  EXPECT_EQ(says(Engine::radial, point_of("relu", WeightDistribution::gaussian), two_inputs()),
            "simulates one input, and the correlation needs two");
  EXPECT_EQ(says(Engine::conditional, point_of("relu", WeightDistribution::uniform), one),
            "needs gaussian or orthogonal weights, not uniform");
  EXPECT_EQ(says(Engine::dense, point_of("relu", WeightDistribution::orthogonal, 257), one),
            "can hold at most 256 neurons a layer with orthogonal weights");
  EXPECT_EQ(says(Engine::dense, point_of("relu", WeightDistribution::uniform, 1), two_inputs()),
            "has no two inputs of correlation 0.5 in networks of width 1, only of 1 or -1");
  EXPECT_EQ(says(Engine::dense, point_of("relu", WeightDistribution::uniform, 1), two_inputs(-1)), "nothing");
}

}  // namespace
}  // namespace varprop
