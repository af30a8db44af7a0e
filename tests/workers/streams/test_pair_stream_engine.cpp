// Residual streams of two inputs: what is exact, and how near to each other they are told apart.
//
// Seen to fail with gradients that were evaluated apart taken from each other without a look at rounding, and
// with the bend of slopes left out of them where they are nearly equal.
#include "workers/streams/pair_stream_engine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/simd/forced_target.hpp"
#include "workers/engines.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr PointSeed pair_seed{3, 8};

StreamNetwork ordered_stream(std::int64_t n, std::int64_t m, std::int32_t L) {
  StreamNetwork network;
  network.block = Block::mlp;
  network.activation = Activation::parse("tanh");
  network.n = n;
  network.m = m;
  network.L = L;
  network.skip = 0.5;
  network.bias_variance = Magnitude::from(0.3);
  network.variance[MatrixRole::in] = Magnitude::from(1 / double(n));
  network.variance[MatrixRole::out] = Magnitude::from(0.5 / double(m));
  return network;
}

StreamSample simulated_pair(const StreamNetwork& network, double c, std::uint32_t replica = 5) {
  const StopFlag stop{false};
  PairStreamEngine engine(network, c, pair_seed);
  StreamSample sample(network.L);
  engine(replica, sample, stop);
  return sample;
}

std::vector<double> distances_of(const std::vector<std::optional<Cosine>>& cosines) {
  std::vector<double> all;
  for (const auto& c : cosines) all.push_back(c ? c->distance.ln() : 1e30);
  return all;
}

/// E f(√s Z), by the trapezoid rule.
template <class F>
double gaussian_mean(double s, F&& f) {
  double sum = 0;
  for (int i = -800; i <= 800; ++i) sum += 0.01 * std::exp(-0.5e-4 * i * i) * f(std::sqrt(s) * 0.01 * i);
  return sum / 2.5066282746310002;
}

/// The distance of infinitely wide streams shrinks by χ = α² + β²σ₁²σ₂²E φ'²/u a block, u the mean square of
/// what a norm brings to 1: here from 2⁻³⁰ down to e^(−114) to e^(−270) over 300 blocks of n = 10⁹ and m =
/// 4000, to 1.5 % (one network, m finite).
TEST(PairStreamEngine, TellsStreamsApartHoweverNearTheyAre) {
  constexpr std::int32_t L = 300;
  for (const Norm norm : {Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer}) {
    double q = 1, u = 1;
    for (int l = 0; l < 200; ++l) {
      const double s = (before_activation(norm) ? 1 : q) + 0.3;
      const double V = gaussian_mean(s, [](double z) { return std::tanh(z) * std::tanh(z); });
      u = 0.25 * q + 0.5 * V + 0.3;
      q = behind_activation(norm) ? 1 : u;
    }
    const double s = (before_activation(norm) ? 1 : q) + 0.3;
    const double D = gaussian_mean(s, [](double z) { return std::pow(std::cosh(z), -4); });
    const double rate = behind_activation(norm) ? std::log((0.25 + 0.5 * D) / u)
                                                : std::log(0.25 + 0.5 * D / (norm == Norm::none ? 1 : q));
    StreamNetwork network = ordered_stream(1'000'000'000, 4000, L);
    network.norm = norm;
    const StreamSample sample = simulated_pair(network, 1 - 0x1p-30);
    const auto distances = distances_of(sample.correlation);
    EXPECT_NEAR(distances[0], -30 * std::log(2.0), 1e-12);
    EXPECT_LT(distances[L], -114) << word_of(norm);
    EXPECT_NEAR((distances[L] - distances[20]) / (L - 20), rate, 0.015 * std::fabs(rate)) << word_of(norm);
    const auto gradients = distances_of(sample.gradient_correlation);
    EXPECT_EQ(gradients[L], -HUGE_VAL) << "one output gradient for both";
    EXPECT_NEAR(gradients[L - 1], distances[L - 1], 20) << "a slope's difference is that of its signals";
    EXPECT_LT(gradients[0], 0);
  }
}

/// What leaves is in proportion to what entered, from 2⁻⁴⁰ to 2⁻⁵⁰, of signals and of gradients.
TEST(PairStreamEngine, KeepsDistancesInProportion) {
  for (const char* activation : {"tanh", "gelu"}) {
    for (const Block block : {Block::mlp, Block::glu}) {
      for (const Norm norm : {Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer}) {
        StreamNetwork network = ordered_stream(20, 30, 6);
        network.activation = Activation::parse(activation);
        network.block = block;
        network.norm = norm;
        if (block == Block::glu) network.bias_variance = Magnitude();
        network.variance[MatrixRole::gate] = network.variance[MatrixRole::in];
        const StreamSample far = simulated_pair(network, 1 - 0x1p-40);
        const StreamSample near = simulated_pair(network, 1 - 0x1p-50);
        const auto between = [](const auto& a, const auto& b, std::size_t l) {
          return distances_of(a)[l] - distances_of(b)[l];
        };
        for (std::size_t l = 0; l <= 6; ++l)
          EXPECT_NEAR(between(far.correlation, near.correlation, l), 10 * std::log(2.0), 1e-4)
              << word_of(norm) << word_of(block) << l;
        for (std::size_t l = 0; l < 6; ++l)
          EXPECT_NEAR(between(far.gradient_correlation, near.gradient_correlation, l), 10 * std::log(2.0),
                      1e-4)
              << word_of(norm) << word_of(block) << l;
      }
    }
  }
}

/// Signals so far apart that φ is evaluated for each by itself, and gradients that differ by what a slope
/// above bends: 1 − γ is in proportion to that, here some 10⁻⁴⁸, where both neurons are on one side for both
/// inputs.
TEST(PairStreamEngine, KeepsTheDigitsOfGradientsWhereSignalsAreApart) {
  StreamNetwork network = ordered_stream(12, 2, 2);
  network.activation = Activation::parse("gelu");
  network.skip = 0;
  network.bias_variance = Magnitude::from(1);
  network.input_mean_square = 1e12;
  int near = 0;
  for (std::uint32_t replica = 0; replica < 60; ++replica) {
    network.variance[MatrixRole::out] = Magnitude::from(1e-60);
    const auto small = distances_of(simulated_pair(network, 0.5, replica).gradient_correlation);
    network.variance[MatrixRole::out] = Magnitude::from(1e-64);
    const auto smaller = distances_of(simulated_pair(network, 0.5, replica).gradient_correlation);
    if (!(small[0] < -60 && small[0] > -HUGE_VAL)) continue;
    ++near;
    EXPECT_NEAR(small[1] - smaller[1], 4 * std::log(10.0), 1e-4);
    EXPECT_NEAR(small[0] - smaller[0], 4 * std::log(10.0), 1e-4) << replica;
    EXPECT_NEAR(small[0], small[1], 12) << replica;
  }
  EXPECT_GT(near, 5);
}

TEST(PairStreamEngine, GivesTheSameNetworkWhateverWasSimulatedBeforeOnEveryInstructionSet) {
  const StopFlag stop{false};
  for (const Block block : {Block::mlp, Block::glu}) {
    StreamNetwork network = ordered_stream(20, 30, 4);
    network.block = block;
    network.variance[MatrixRole::gate] = network.variance[MatrixRole::in];
    if (block == Block::glu) network.bias_variance = Magnitude();
    if (block == Block::glu) network.norm = Norm::post_layer;
    if (block == Block::glu) network.keep = 0.8;
    PairStreamEngine engine(network, 0.3, pair_seed);
    StreamSample sample(network.L);
    for (const std::uint32_t replica : {2, 9, 5}) engine(replica, sample, stop);
    for (const std::int64_t target : vector_targets()) {
      const ForcedTarget forced(target);
      const StreamSample again = simulated_pair(network, 0.3);
      EXPECT_EQ(sample.forward, again.forward);
      EXPECT_EQ(sample.backward, again.backward);
      EXPECT_EQ(sample.weight_gradient, again.weight_gradient);
      EXPECT_EQ(distances_of(sample.correlation), distances_of(again.correlation));
      EXPECT_EQ(distances_of(sample.gradient_correlation), distances_of(again.gradient_correlation));
    }
  }
}

/// A network of straight lines without biases has ⟨D_l, x_l⟩ = ℓ in every layer.
TEST(PairStreamEngine, KeepsWhatStraightLinesKeep) {
  StreamNetwork network = ordered_stream(12, 9, 4);
  network.activation = Activation::parse("leaky_relu(0.2)");
  network.bias_variance = Magnitude();
  for (std::uint32_t replica = 0; replica < 5; ++replica) {
    const StreamSample sample = simulated_pair(network, 0.3, replica);
    const auto product = [&](double cosine, std::size_t l) {
      return cosine * (sample.forward[l] * sample.backward[l]).square_root().to_double();
    };
    EXPECT_NEAR(product(sample.input_cosine, 0), product(sample.output_cosine, 4), 1e-13);
  }
}

/// Inputs that are equal stay so, opposite ones too where φ is odd and nothing is biased; a signal that has
/// died has no cosine.
TEST(PairStreamEngine, KnowsTheEndsOfCosines) {
  StreamNetwork network = ordered_stream(20, 30, 4);
  const StreamSample equal = simulated_pair(network, 1);
  for (const auto& c : equal.correlation) EXPECT_TRUE(c && c->distance.zero());
  network.bias_variance = Magnitude();
  const StreamSample opposite = simulated_pair(network, -1);
  for (const auto& c : opposite.correlation) EXPECT_NEAR(c.value().value, -1, 1e-12);
  for (const auto& c : opposite.gradient_correlation) EXPECT_NEAR(c.value().value, 1, 1e-12);
  network.activation = Activation::parse("relu");
  network.m = 1;
  network.skip = 0;
  int dead = 0;
  for (std::uint32_t replica = 0; replica < 50; ++replica) {
    const StreamSample sample = simulated_pair(network, 0.5, replica);
    dead += sample.correlation[4] ? 0 : 1;
    EXPECT_EQ(sample.correlation[4].has_value(), sample.gradient_correlation[3].has_value());
    EXPECT_TRUE(sample.gradient_correlation[4]->distance.zero()) << "one output gradient, whatever died";
  }
  EXPECT_GT(dead, 30);
}

/// What the table of engines makes of a point is this engine's network.
TEST(PairStreamEngine, IsWhatPointsGet) {
  Point point{Activation::parse("relu"),
              WeightDistribution::gaussian,
              WeightVariance(1.5),
              BiasVariance(0.2),
              Width(12),
              Depth(3)};
  point.block = Block::mlp;
  NetworkSettings settings;
  settings.input_correlation = 0.4;
  NetworkSample sample(point);
  make_engine(point, settings, pair_seed)->simulate(7, sample, StopFlag(false));
  const StreamSample expected = [&] {
    const StopFlag stop{false};
    PairStreamEngine engine(stream_network(point, settings), 0.4, pair_seed);
    StreamSample measured(3);
    engine(7, measured, stop);
    return measured;
  }();
  EXPECT_EQ(sample.forward, expected.forward);
  EXPECT_EQ(distances_of(sample.correlation), distances_of(expected.correlation));
  EXPECT_NEAR(sample.correlation[0]->value, 0.4, 1e-12);
}

}  // namespace
}  // namespace varprop::test
