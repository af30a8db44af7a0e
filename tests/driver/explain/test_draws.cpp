// What the chapters draw: layers with all their weights, and the engines' own networks.
//
// Seen red with: the gradient sent through the weights of another layer; the input's size forgotten; the
// extinct counted among the living; the seed left out of an experiment's key.
#include <gtest/gtest.h>

#include <cmath>

#include "core/math/moments.hpp"
#include "driver/explain/draws.hpp"
#include "workers/one_input/sum_engine.hpp"

namespace varprop::driver {
namespace {

TEST(DrawnLayer, SendsTheGradientThroughTheTransposeOfItsWeights) {
  for (const WeightDistribution weights :
       {WeightDistribution::gaussian, WeightDistribution::uniform, WeightDistribution::rademacher}) {
    DrawnLayer layer({.name = "transpose", .weights = weights, .weight_variance = 3, .input_size = 0.01}, 37,
                     5);
    layer.forward(2, 9);
    layer.backward(2);
    const double there = workers::inner_product(layer.z(), layer.delta()),
                 back = workers::inner_product(layer.x(), layer.below());
    EXPECT_NEAR(there, back, 1e-14) << word_of(weights);  // δᵀ(Wx) = (Wᵀδ)ᵀx
    EXPECT_NE(there, 0);
  }
}

TEST(DrawnLayer, IsAFunctionOfSeedNameAndNumber) {
  const auto first_z = [](const char* name, std::uint64_t seed, std::int64_t replica, std::int64_t input) {
    DrawnLayer layer({.name = name}, 16, seed);
    layer.forward(replica, input);
    return layer.z()[0];
  };
  const double z = first_z("a", 1, 0, 0);
  EXPECT_EQ(first_z("a", 1, 0, 0), z);
  EXPECT_NE(first_z("b", 1, 0, 0), z);
  EXPECT_NE(first_z("a", 2, 0, 0), z);
  EXPECT_NE(first_z("a", 1, 1, 0), z);
  EXPECT_NE(first_z("a", 1, 0, 1), z);
}

TEST(DrawnLayer, ScalesItsInputAndItsWeights) {
  DrawnLayer small({.name = "scale", .weight_variance = 4, .input_size = 0.01}, 50, 1),
      one({.name = "scale"}, 50, 1);
  small.forward(0);
  one.forward(0);
  EXPECT_NEAR(squared_norm(one.x()), 50, 1e-11);
  EXPECT_NEAR(squared_norm(small.x()), 50e-4, 1e-15);
  EXPECT_NEAR(squared_norm(small.z()), 4e-4 * squared_norm(one.z()), 1e-14);
  EXPECT_DOUBLE_EQ(small.k(), 0.08);
}

TEST(SimulatedNetworks, AreThoseOfASweepWithTheSameSeed) {
  const Point point = bare_point("relu", 2, 8, 20);
  constexpr std::int64_t T = 200;
  const SimulatedNetworks nets(point, {}, T, 7);
  workers::RadialEngine simulate(point, NetworkSettings{},
                                 PointKey::derive(7, hash_text(canonical_text(point, NetworkSettings{}))));
  workers::NetworkSample sample(20);
  LogMoments last, before, gradient;
  for (std::uint32_t replica = 0; replica < T; ++replica) {
    simulate(replica, sample, workers::StopFlag{false});
    last.add(sample.forward[19]);
    before.add(sample.forward[18]);
    gradient.add(sample.backward[0]);
    if (sample.backward[0].zero()) continue;
    EXPECT_EQ(nets.backward_first()[replica], sample.backward[0].ln());
  }
  EXPECT_EQ(nets.log_mean(Quantity::forward, 20), last.log_mean());
  EXPECT_EQ(nets.log_mean(Quantity::forward, 19), before.log_mean());
  EXPECT_EQ(nets.log_of_mean(Quantity::backward, 1), gradient.log_of_mean());
  EXPECT_EQ(nets.alive(Quantity::backward, 1), gradient.count());
  EXPECT_LT(gradient.count(), T);  // so that the dead are counted too
}

TEST(ExperimentKey, IsNoPointsKey) {
  // A point's canonical text begins with its numerics version.
  const PointKey key = experiment_key(1, "signs"), same = PointKey::derive(1, hash_text("explain: signs"));
  EXPECT_EQ(key.key, same.key);
  EXPECT_EQ(canonical_text(bare_point("relu", 2, 8, 20), {}).find("explain"), std::string::npos);
}

}  // namespace
}  // namespace varprop::driver
