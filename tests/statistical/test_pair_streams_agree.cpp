// Residual streams of two inputs have one law whether they are told by Gram matrices alone or by their
// vectors, through matrices that are drawn or never drawn: two-sample Kolmogorov–Smirnov tests.
//
// 10 000 networks a side and case, 15 statistics, α = 10⁻⁷ each; of all cases every 10th is tested, all of
// them with --gtest_also_run_disabled_tests --gtest_filter='*PairStreamsAgree*': the false-alarm rate is
// below 10⁻⁴; the seeds are fixed. Seen to fail with the noise within the frame left out (3 of the 20 tests
// of every run), with the bias's term of M (1) or W₁'s answer to the difference (14) left out, with a corner
// of a Haar matrix of n − 2 for n − 4 (7), with the length of the second gradient left in the difference (5),
// without the fresh normals along the gradients (16), with ε₁ for ε₂ (9), with the frames' turn transposed
// (14, each by V·x̂_L D̂_0·x̂_0). Of 28 with norms, gates and dropout since: without κ in a norm's Jacobian (6),
// with the walk of layer norms in n dimensions (4), and, all at once, without what goes back to a gate's
// values, with the other sign in the plane of a norm's Jacobian, and with D·ε but for rounding 0 without a
// skip (17).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tests/statistical/two_samples.hpp"
#include "workers/networks/stream_engine.hpp"
#include "workers/streams/pair_stream_engine.hpp"
#include "workers/streams/scalar_stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::uint32_t networks = 10000;
constexpr double alpha = 1e-7;
constexpr std::int32_t L = 3;

/// ln(1 − c), where there is a cosine. Vectors do not know below their rounding whether it is 0.
double ln_distance(const std::optional<Cosine>& c) {
  if (!c) return 100;
  return c->distance.below_power(-90) ? -100 : ln(c->distance);
}

using Statistics = std::array<double, 15>;

constexpr std::array<const char*, 15> names{
    "ln q_L",       "ln 1-c_1", "ln 1-c_L",    "ln g_0",        "ln 1-gamma_2",
    "ln 1-gamma_0", "V x_L",    "D_0 x_0",     "ln w_2",        "ln db",
    "ln A_2",       "q_1 g_0",  "c_1 gamma_0", "V x_L D_0 x_0", "gamma_0/gamma_2 q_L"};

/// Behind a norm vectors know 1 to rounding.
double ln_square(const Magnitude& q) {
  return std::fabs(ln(q)) < 1e-9 ? 0 : ln(q);
}

/// Where one hidden neuron lives, a norm without a skip leaves no gradient, but for rounding.
bool has_gradient(const StreamSample& s, std::size_t l) {
  return !s.backward[l].zero() && (s.backward[L] / s.backward[l]).ln() < 55;
}

double gradient_distance(const StreamSample& s, std::size_t l) {
  return has_gradient(s, l) ? ln_distance(s.gradient_correlation[l]) : 100;
}

Statistics statistics_of(const StreamSample& s) {
  const double c_1 = ln_distance(s.correlation[1]), c_L = ln_distance(s.correlation[L]);
  const double gamma_2 = gradient_distance(s, 2), gamma_0 = gradient_distance(s, 0);
  const double g_0 = ln(has_gradient(s, 0) ? s.backward[0] : Magnitude());
  const double input_cosine = has_gradient(s, 0) ? s.input_cosine : 0;
  return {ln_square(s.forward[L]),
          c_1,
          c_L,
          g_0,
          gamma_2,
          gamma_0,
          std::round(s.output_cosine * 0x1p30),
          std::round(input_cosine * 0x1p30),
          ln(s.weight_gradient[2]),
          ln(s.branch_gradient[2]),
          ln(s.activations[2]),
          ln_square(s.forward[1]) * g_0,
          c_1 * gamma_0,
          std::round(s.output_cosine * input_cosine * 0x1p30),
          (gamma_0 - gamma_2) * ln_square(s.forward[L])};
}

/// Two tokens that attend to nothing, and one output gradient for both.
class VectorStreams {
 public:
  VectorStreams(const StreamNetwork& network, MatrixKind kind, std::uint64_t seed)
      : network_(network),
        matrices_(kind, WeightDistribution::gaussian, seed, 78),
        tokens_(network, matrices_.key(0)),
        likeness_(network.n, 2),
        coordinates_(network.n, 2) {
    for (std::int32_t l = 0; l < L; ++l) layers_.push_back(std::make_unique<StreamLayer>(network, matrices_));
    X_.assign(L + 1, Panel(network.n, 2));
  }

  /// Of the first token what is no correlation; of weights that is not known here.
  void operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
    sample.clear();
    LayerMeasures unused;
    tokens_.draw(replica, X_[0]);
    record_signal(0, sample);
    for (std::int32_t l = 1; l <= L; ++l) {
      Layer& layer = *layers_[std::size_t(l) - 1];
      layer.begin({replica, l, stop});
      layer.forward(X_[std::size_t(l) - 1], X_[std::size_t(l)], unused);
      record_signal(std::size_t(l), sample);
    }
    Panel D(network_.n, 2);
    const Stream draws(matrices_.key(0), replica, L, Purpose::output);
    for (std::size_t t = 0; t < 2; ++t) {
      draw_normal_column(draws, 0, network_.n, D.column(t));
      D.size(t) = Magnitude::from(1);
      D.scale_column(t);
      D.size(t) = Magnitude::from(1);
    }
    coordinates_.gradient_from_tokens(D);
    record_gradient(L, D, sample);
    sample.output_cosine = cosine(D, X_[L]);
    for (std::int32_t l = L; l >= 1; --l) {
      layers_[std::size_t(l) - 1]->backward(X_[std::size_t(l) - 1], D, unused);
      record_gradient(std::size_t(l) - 1, D, sample);
    }
    sample.input_cosine = cosine(D, X_[0]);
  }

 private:
  void record_signal(std::size_t l, StreamSample& sample) {
    sample.forward[l] = X_[l].squared_norm(0) / Magnitude::from(double(network_.n));
    sample.correlation[l] = likeness_(X_[l]);
  }
  void record_gradient(std::size_t l, const Panel& D, StreamSample& sample) {
    Panel tokens = D;
    coordinates_.gradient_to_tokens(tokens);
    sample.backward[l] = tokens.squared_norm(0);
    sample.gradient_correlation[l] = likeness_.of_gradient(D);
  }
  double cosine(const Panel& D, const Panel& X) {
    Panel tokens = D, first = X;
    coordinates_.gradient_to_tokens(tokens);
    tokens.clear(1);
    first.clear(1);
    const SignedMagnitude product = inner_product(tokens, first);
    const Magnitude norms = (tokens.squared_norm(0) * first.squared_norm(0)).square_root();
    return norms.zero() ? 0 : product.factor * (product.size / norms).to_double();
  }

  StreamNetwork network_;
  RandomMatrices matrices_;
  TokenSource tokens_;
  TokenLikeness likeness_;
  TokenCoordinates coordinates_;
  std::vector<std::unique_ptr<StreamLayer>> layers_;
  std::vector<Panel> X_;
};

using Samples = std::array<std::vector<double>, names.size()>;

template <class Simulate>
Samples draw_from(Simulate&& simulate) {
  StreamSample sample(L);
  const StopFlag stop{false};
  Samples samples;
  for (std::uint32_t replica = 0; replica < networks; ++replica) {
    simulate(replica, sample, stop);
    const Statistics values = statistics_of(sample);
    for (std::size_t i = 0; i < values.size(); ++i) samples[i].push_back(values[i]);
  }
  return samples;
}

class PairStreamsAgree : public ::testing::TestWithParam<StreamNetwork> {};

TEST_P(PairStreamsAgree, WithThoseOfVectors) {
  StreamNetwork network = GetParam();
  const Samples scalars = draw_from(PairStreamEngine(network, network.input_correlation, {3, 77}));
  network.tokens = 2;
  const MatrixKind kind = network.n % 2 == 0 ? MatrixKind::drawn : MatrixKind::deferred;
  const Samples vectors = draw_from(VectorStreams(network, kind, 4));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i >= 8 && i <= 10) continue;  // of both inputs at once there
    EXPECT_LT(kolmogorov_smirnov_distance(scalars[i], vectors[i]), kolmogorov_smirnov_limit(alpha, networks))
        << names[i];
  }
}

/// The first of two inputs is one input: gradients of weights, of β, and activations.
TEST_P(PairStreamsAgree, InTheirFirstWithOneStream) {
  const StreamNetwork& network = GetParam();
  const Samples pairs = draw_from(PairStreamEngine(network, network.input_correlation, {5, 77}));
  const Samples one = draw_from(ScalarStreamEngine(network, HiddenSums::of_neurons, {6, 77}));
  for (const std::size_t i : {0u, 3u, 6u, 7u, 8u, 9u, 10u, 11u, 13u}) {
    EXPECT_LT(kolmogorov_smirnov_distance(pairs[i], one[i]), kolmogorov_smirnov_limit(alpha, networks))
        << names[i];
  }
}

StreamNetwork pair_network_of(std::int64_t n, std::size_t number) {
  const auto one_of = [number](const auto& values, std::size_t salt) {
    return values[hash_text(std::to_string(number * 16 + salt)) % std::size(values)];
  };
  StreamNetwork network;
  network.block = one_of(std::array{Block::mlp, Block::mlp, Block::glu}, 7);
  network.norm = one_of(
      std::array{Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer, Norm::none},
      8);
  if (n == 2 && centres(network.norm)) network.norm = Norm::pre_rms;
  network.keep = one_of(std::array{1.0, 1.0, 0.7}, 9);
  network.activation =
      Activation::parse(one_of(std::array{"relu", "tanh", "gelu", "abs", "leaky_relu(0.3)", "linear"}, 0));
  network.n = n;
  network.L = L;
  network.m = one_of(std::array<std::int64_t, 4>{n, n / 2 + 1, 2 * n, 1}, 1);
  network.skip = one_of(std::array{0.0, 1.0, 1.0, 0.6, 1.3}, 2);
  network.branch_scale = one_of(std::array{1.0, 0.4}, 3);
  network.bias_variance = Magnitude::from(one_of(std::array{0.0, 0.3, 2.0}, 4));
  network.variance[MatrixRole::in] = Magnitude::from(one_of(std::array{1.4, 0.3, 4.0}, 5) / double(n));
  if (has_glu(network.block)) {
    network.bias_variance = Magnitude();
    network.variance[MatrixRole::gate] = Magnitude::from(one_of(std::array{1.0, 2.5}, 10) / double(n));
  }
  network.variance[MatrixRole::out] = Magnitude::from(1.2 / double(network.m));
  network.input_correlation = one_of(std::array{0.5, 0.0, -0.8, 0.99, 1 - 1e-10}, 6);
  return network;
}

std::vector<StreamNetwork> every_pair(std::size_t step) {
  std::vector<StreamNetwork> all;
  for (std::size_t number = 0; number < 140; number += step)
    all.push_back(
        pair_network_of(std::array<std::int64_t, 7>{4, 5, 7, 8, 33, 2, 3}[number / step % 7], number));
  return all;
}

INSTANTIATE_TEST_SUITE_P(Some, PairStreamsAgree, ::testing::ValuesIn(every_pair(10)));
INSTANTIATE_TEST_SUITE_P(DISABLED_All, PairStreamsAgree, ::testing::ValuesIn(every_pair(1)));

}  // namespace
}  // namespace varprop::test
