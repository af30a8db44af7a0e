// Tokens that have become nearly equal keep what tells them apart: to all digits where their distance is of
// any size, down to where a double has no number for it.
//
// A layer of every kind is run with tokens x_0 + ε d_t, the same draws for every ε. To first order in ε the
// differences that leave it, in units of ε, are linear in d, and |∂W_Q| and |∂W_K| are of order ε²: all
// must be the same at ε = 10⁻¹⁵, 10⁻³⁰ and 10⁻¹⁰⁰ but for O(10⁻¹⁵) and rounding. Seen to fail with weights
// of attention taken as differences of softmaxes, and with φ evaluated token by token.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/workers/networks/fixed_matrices.hpp"
#include "workers/networks/layer.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::int64_t n = 24;
constexpr std::int32_t T = 4;

StreamNetwork network_of(Block block, Norm norm, AttentionMask mask) {
  StreamNetwork network;
  network.block = block;
  network.activation = Activation::parse("gelu");
  network.norm = norm;
  network.n = n;
  network.m = n;
  network.heads = 2;
  network.tokens = T;
  network.mask = mask;
  for (Magnitude& k : network.variance.values) k = Magnitude::from(1.2 / static_cast<double>(n));
  return network;
}

/// Columns Σ D_t, D_1, …; of a stream in axes: of so many rows.
Panel panel_of(const StreamAxes& axes, std::int64_t rows, const Tokens& tokens) {
  const Panel whole = gradient_of(tokens);
  if (!axes.folded) return whole;
  Panel panel(axes.rows, whole.columns());
  for (std::size_t t = 0; t < whole.columns(); ++t) {
    std::copy_n(whole.data(t), rows, panel.data(t));
    panel.size(t) = whole.size(t);
  }
  return panel;
}

/// What leaves a layer that tokens at distance 10^exponent enter.
struct Outcome {
  Tokens differences;  ///< column t ≥ 1 over the distance; column 0 the first token
  std::vector<double> ln_gradients;
  Tokens gradient;
};

Outcome outcome_of(const StreamNetwork& network, MatrixKind kind, double ln_distance) {
  const RandomMatrices matrices(kind, WeightDistribution::gaussian, 1, 2);
  const Magnitude distance = Magnitude::exp(ln_distance);
  const StreamAxes axes = matrices.spaces(network).stream;
  Panel X = panel_of(axes, axes.centre + axes.signal, normal_tokens(T, n, 0));  // any four columns
  for (std::size_t t = 1; t < T; ++t) X.size(t) = distance;
  X.normalize();
  StreamLayer layer(network, matrices);
  const StopFlag stop{false};
  LayerMeasures measures;
  Panel after(axes.rows, T);
  layer.begin({0, 1, stop});
  layer.forward(X, after, measures);
  Panel D = panel_of(axes, axes.centre + axes.signal + axes.gradient, normal_tokens(T, n, 1));
  layer.backward(X, D, measures);
  Outcome outcome;
  for (std::size_t t = 1; t < T; ++t) after.size(t) = after.size(t) / distance;
  outcome.differences = columns_of(after);
  const Magnitude apart = distance * distance;
  using enum MatrixRole;
  for (const MatrixRole role : {query, key, value, attention_out, in, gate, MatrixRole::out}) {
    Magnitude g = measures.weight_gradient[role];
    if (g.zero()) continue;
    if (role == query || role == key) g = g / (apart * apart);
    outcome.ln_gradients.push_back(g.ln());
  }
  outcome.gradient = tokens_of_gradient(D);
  return outcome;
}

void expect_near(const Tokens& a, const Tokens& b, const std::string& what) {
  for (std::size_t t = 0; t < a.size(); ++t) {
    double largest = 0;
    for (const double x : a[t]) largest = std::max(largest, std::fabs(x));
    for (std::size_t i = 0; i < a[t].size(); ++i)
      ASSERT_NEAR(a[t][i], b[t][i], 1e-11 * largest) << what << ", token " << t;
  }
}

constexpr double ln_10 = 2.302585092994046;

class NearTokens : public ::testing::TestWithParam<Block> {
 protected:
  static void expect_digits(const StreamNetwork& network, MatrixKind kind) {
    const Outcome expected = outcome_of(network, kind, -15 * ln_10);
    for (const double digits : {30, 100, 1000, 100000}) {
      const Outcome outcome = outcome_of(network, kind, -digits * ln_10);
      const std::string what = std::string(word_of(network.norm)) + ", 1e-" + std::to_string(digits);
      expect_near(outcome.differences, expected.differences, "signal, " + what);
      expect_near(outcome.gradient, expected.gradient, "gradient, " + what);
      ASSERT_EQ(outcome.ln_gradients.size(), expected.ln_gradients.size()) << what;
      for (std::size_t i = 0; i < expected.ln_gradients.size(); ++i)
        EXPECT_NEAR(outcome.ln_gradients[i], expected.ln_gradients[i], 1e-9) << what << ", group " << i;
    }
  }
};

TEST_P(NearTokens, KeepTheirDigitsAtAnyDistance) {
  for (const Norm norm : {Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer}) {
    for (const AttentionMask mask : {AttentionMask::none, AttentionMask::causal}) {
      for (const MatrixKind kind : {MatrixKind::deferred, MatrixKind::folded})
        expect_digits(network_of(GetParam(), norm, mask), kind);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Blocks, NearTokens,
                         ::testing::Values(Block::attention, Block::transformer, Block::transformer_glu),
                         [](const auto& test) { return std::string(word_of(test.param)); });

/// Attention without a skip: 1 − c → σ_a²(1 − c)³(T − 1)/T² as c → 1 (q = 1, widths without end; the first
/// step from tokens that are all equally alike), which is followed for eight layers, to 1 − c = e^−10000. At
/// n = 512, 8 heads, one network and layers whose tokens are no longer equally alike: within a factor e² a
/// layer.
TEST(NearTokens, AreFollowedThroughCubicRankCollapse) {
  StreamNetwork network = network_of(Block::attention, Norm::post_rms, AttentionMask::none);
  network.n = 512;
  network.heads = 8;
  network.tokens = 8;
  network.L = 8;
  network.skip = 0;
  network.input_correlation = 0.5;
  for (Magnitude& k : network.variance.values) k = Magnitude::from(1 / 512.0);
  for (const MatrixKind kind : {MatrixKind::deferred, MatrixKind::folded}) {
    StreamEngine engine(network, RandomMatrices(kind, WeightDistribution::gaussian, 3, 4));
    StreamSample sample(network.L);
    const StopFlag stop{false};
    engine(0, sample, stop);
    for (std::size_t l = 3; l <= 8; ++l) {
      const double before = sample.correlation[l - 1]->distance.ln(),
                   now = sample.correlation[l]->distance.ln();
      EXPECT_NEAR(now, 3 * before + std::log(7.0 / 64), 2) << "layer " << l;
    }
    EXPECT_LT(sample.correlation[8]->distance.ln(), -9000);
  }
}

}  // namespace
}  // namespace varprop::test
