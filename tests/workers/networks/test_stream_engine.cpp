// Networks of blocks as a whole.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/statistical/network_samples.hpp"
#include "workers/dense/dense_engine.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::uint64_t seed = 3;

StreamNetwork plain_of(const Point& point) {
  StreamNetwork network;
  network.block = Block::plain;
  network.activation = point.activation;
  network.norm = point.norm;
  network.weights = point.weights;
  network.n = point.width.value();
  network.L = point.depth.value();
  network.keep = point.keep.value();
  network.variance[MatrixRole::out] =
      Magnitude::from(point.weight_variance.value() / static_cast<double>(network.n));
  network.bias_variance = Magnitude::from(point.bias_variance.value());
  return network;
}

void expect_near(const Magnitude& a, const Magnitude& b, const std::string& what) {
  ASSERT_EQ(a.zero(), b.zero()) << what;
  if (a.zero()) return;
  ASSERT_NEAR(a.ln(), b.ln(), 1e-9) << what;
}

/// The same draws, so the same networks.
void expect_dense_engines_network(const Point& point) {
  const std::uint64_t h = hash_text(canonical_text(point, NetworkSettings{}));
  const StopFlag stop{false};
  DenseEngine dense(point, NetworkSettings{}, PointKey::derive(seed, h));
  StreamEngine stream(plain_of(point), RandomMatrices(MatrixKind::drawn, point.weights, seed, h));
  NetworkSample expected(static_cast<std::size_t>(point.depth.value()));
  expected.ask_for_activations();
  StreamSample sample(point.depth.value());
  for (std::uint32_t replica = 0; replica < 20; ++replica) {
    dense(replica, expected, stop);
    stream(replica, sample, stop);
    for (std::size_t i = 0; i < expected.forward.size(); ++i) {
      const std::string where = point_in_words(point) + ", layer " + std::to_string(i + 1);
      expect_near(sample.forward[i + 1], expected.forward[i], "q, " + where);
      expect_near(sample.backward[i + 1], expected.backward[i], "g, " + where);
      expect_near(sample.weight_gradient[i + 1], expected.weight_gradient[i], "w, " + where);
      expect_near(sample.activations[i + 1], expected.activations[i], "A, " + where);
    }
    expect_near(sample.ntk_bias, sum_of(expected.backward), "ntk");
  }
}

TEST(StreamEngine, GivesThePlainNetworkOfTheDenseEngineDrawForDraw) {
  for (const Norm norm : {Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer}) {
    for (const double keep : {1.0, 0.7}) {
      for (const char* activation : {"relu", "tanh", "gelu", "sigmoid", "relu2"}) {
        Point point = make_point(activation, 1.8, keep == 1 ? 0.2 : 0, 7, 5);
        point.norm = norm;
        point.keep = Keep(keep);
        expect_dense_engines_network(point);
      }
    }
  }
  for (const auto law :
       {WeightDistribution::uniform, WeightDistribution::truncated_normal, WeightDistribution::rademacher})
    expect_dense_engines_network(make_point("tanh", 1.5, 0.1, 9, 4, law));
}

}  // namespace
}  // namespace varprop::test
