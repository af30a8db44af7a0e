// What the engines are made of, cost and hold.
#include "workers/engines.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/network/engine_choice.hpp"

namespace varprop {
namespace {

using namespace workers;

Point point_of(const char* activation, WeightDistribution weights, std::int64_t width = 16) {
  return {Activation::parse(activation), weights, WeightVariance(1), BiasVariance(0), Width(width), Depth(5)};
}

NetworkSettings settings_of(Engine engine, bool two_inputs) {
  NetworkSettings settings;
  settings.engine = engine;
  if (two_inputs) settings.input_correlation = 0.5;
  return settings;
}

TEST(EngineTable, MakesAnEngineOfEveryKind) {
  for (const auto& [engine, word] : EnumWords<Engine>::words) {
    for (const bool two_inputs : {false, true}) {
      for (const auto& [weights, weights_word] : EnumWords<WeightDistribution>::words) {
        const Point point = point_of("relu", weights);
        const NetworkSettings settings = settings_of(engine, two_inputs);
        if (obstacle(engine, point, settings)) continue;
        NetworkSample sample(5);
        make_engine(point, settings, PointSeed{1, 2})->simulate(0, sample, StopFlag(false));
        EXPECT_FALSE(sample.forward[0].zero()) << word << " " << weights_word;
        EXPECT_EQ(sample.correlation[0].has_value(), two_inputs) << word << " " << weights_word;
      }
    }
  }
}

/// A power of two, so that no bit is rounded away. Seen red: with the mean square left out of each engine.
TEST(EngineTable, TheInputsMeanSquareScalesWhatTheFirstLayerSums) {
  for (const auto& [engine, word] : EnumWords<Engine>::words) {
    for (const auto& [input, input_word] : EnumWords<InputDistribution>::words) {
      for (const bool two_inputs : {false, true}) {
        const Point point = point_of("relu", WeightDistribution::gaussian);
        NetworkSettings settings = settings_of(engine, two_inputs);
        settings.input = input;
        if (obstacle(engine, point, settings)) continue;
        NetworkSample usual(5), scaled(5);
        make_engine(point, settings, PointSeed{1, 2})->simulate(0, usual, StopFlag(false));
        settings.input_mean_square = 0x1p-40;
        make_engine(point, settings, PointSeed{1, 2})->simulate(0, scaled, StopFlag(false));
        for (std::size_t l = 0; l < 5; ++l) {
          const auto place = [&] { return fmt::format("{} {} layer {}", word, input_word, l + 1); };
          EXPECT_NEAR((scaled.forward[l] / usual.forward[l]).to_double(), 0x1p-40, 1e-26) << place();
          EXPECT_NEAR((scaled.backward[l] / usual.backward[l]).to_double(), 1, 1e-14) << place();
          EXPECT_EQ(scaled.correlation[l].has_value(), two_inputs) << place();
        }
      }
    }
  }
}

TEST(EngineTable, TheDenseEngineCostsTwiceForTwoInputs) {
  const Point point = point_of("relu", WeightDistribution::uniform, 1000);
  const double one = layer_seconds(point, settings_of(Engine::dense, false));
  const double two = layer_seconds(point, settings_of(Engine::dense, true));
  EXPECT_GT(two, 1.9 * one);
  EXPECT_LT(two, 2 * one);
}

TEST(EngineTable, CostsGrowWithTheWidthAsTheEngineDoes) {
  const auto growth = [](const char* activation, Engine engine) {
    const NetworkSettings settings = settings_of(engine, false);
    return layer_seconds(point_of(activation, WeightDistribution::gaussian, 1'000'000), settings) /
           layer_seconds(point_of(activation, WeightDistribution::gaussian, 1000), settings);
  };
  EXPECT_EQ(growth("relu", Engine::radial), 1);
  EXPECT_NEAR(growth("tanh", Engine::conditional), 1e3, 100);
  EXPECT_NEAR(growth("tanh", Engine::dense), 1e6, 1e3);
}

/// A stream of one token costs nothing in its width, and its hidden neurons what they are.
TEST(EngineTable, StreamsCostWhatTheirHiddenNeuronsDo) {
  const auto growth = [](Block block, const char* activation) {
    const auto seconds = [&](std::int64_t width) {
      Point point = point_of(activation, WeightDistribution::gaussian, width);
      point.block = block;
      return layer_seconds(point, {});
    };
    return seconds(100'000'000) / seconds(100'000);
  };
  EXPECT_EQ(growth(Block::mlp, "relu"), 1);
  EXPECT_EQ(growth(Block::attention, "tanh"), 1);
  EXPECT_NEAR(growth(Block::transformer, "tanh"), 1e3, 20);
  EXPECT_NEAR(growth(Block::glu, "silu"), 1e3, 20);
}

TEST(EngineTable, OnlyTheDenseEngineHoldsVectors) {
  const NetworkSettings settings = settings_of(Engine::automatic, false);
  const double layers = network_bytes(point_of("tanh", WeightDistribution::gaussian), settings);
  EXPECT_EQ(network_bytes(point_of("tanh", WeightDistribution::gaussian, 1'000'000), settings), layers);
  Point stream = point_of("tanh", WeightDistribution::gaussian, 1'000'000'000);
  stream.block = Block::transformer;
  stream.depth = Depth(1000);
  EXPECT_LT(network_bytes(stream, settings), 2e6) << "two branches of a thousand layers";
  EXPECT_EQ(network_bytes(point_of("tanh", WeightDistribution::uniform, 100), settings),
            layers + 8 * 100 * (5 + 6));
}

}  // namespace
}  // namespace varprop
