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
