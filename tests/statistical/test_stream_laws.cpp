// Exact laws of networks of blocks at finite width, and values at widths that are as good as infinite.
//
// Every test says how many networks it draws; means and variances may be 5 standard errors off, so that each
// of the 25 comparisons fails by chance less than once in 10⁶ (normal means); the seeds are fixed. Seen to
// fail with β left out of the branch's gradient, with the skip's α left out of the stream's, with the
// projection left out of a norm's Jacobian, and with logits without 1/√d.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/statistical/stream_samples.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

/// A number of every network.
Numbers sampled(const StreamNetwork& network, std::uint32_t networks, std::uint64_t seed,
                const std::function<double(const StreamSample&)>& of,
                MatrixKind kind = MatrixKind::deferred) {
  return numbers_of_networks(
      StreamEngine(network, RandomMatrices(kind, WeightDistribution::gaussian, seed, 99)), network.L,
      networks, of);
}

double q(const StreamSample& s, std::size_t l) {
  return s.forward[l].to_double();
}

/// E q_L = (α²+β²B)^L q_0 = E g_0 q_0, and E q_L²/(E q_L)² = E g_0²/(E g_0)² = (1+ρ)^L with
/// ρ = [4α²β²B/n + β⁴B²(2/n + 5/m + 10/(nm))]/(α²+β²B)², for ReLU: 40 000 networks.
TEST(StreamLaws, ResidualMlpHasItsExactFirstAndSecondMoments) {
  constexpr double alpha = 0.9, beta = 0.6, B = 1.25, n = 5, m = 4;
  constexpr std::int32_t L = 3;
  StreamNetwork network = stream_network_of(Block::mlp, "relu", 5, 4, L, 2.5);
  network.skip = alpha;
  network.branch_scale = beta;
  const double gain = alpha * alpha + beta * beta * B;
  const double rho =
      (4 * alpha * alpha * beta * beta * B / n + std::pow(beta, 4) * B * B * (2 / n + 5 / m + 10 / (n * m))) /
      (gain * gain);
  const double mean = std::pow(gain, L), square = mean * mean * std::pow(1 + rho, L);
  const auto check = [&](const std::function<double(const StreamSample&)>& of) {
    Numbers x = sampled(network, 40000, 1, of);
    expect_mean_near(x, mean);
    for (double& value : x) value *= value;
    expect_mean_near(x, square);
  };
  check([](const StreamSample& s) { return q(s, L); });
  check([](const StreamSample& s) { return s.backward[0].to_double(); });
}

/// α = 1, β = 1/√L, L → ∞ at fixed n: ln q_L → N(B(1 − 2/n), 4B/n), and ln g_0 likewise; here L = 512, where
/// the variance is 2 % less: 1 000 networks.
TEST(StreamLaws, ManySmallStepsAreLogNormal) {
  StreamNetwork network = stream_network_of(Block::mlp, "relu", 8, 8, 512, 2);
  network.branch_scale = 1 / std::sqrt(512.0);
  const auto signal = sampled(network, 1000, 2, [](const StreamSample& s) { return s.forward.back().ln(); });
  const auto gradient = sampled(network, 1000, 2, [](const StreamSample& s) { return s.backward[0].ln(); });
  for (const auto& x : {signal, gradient}) {
    expect_mean_near(x, 0.75, 0.01);
    expect_variance_near(x, 0.5, 0.015);
  }
}

/// tanh, all σ² = 1, no norm: q_1, q_4, q_16 = 1.394294, 2.903897, 11.204137 and ln g_0 = 3.63355 at L = 16
/// (infinite width); n = 1024: 40 networks, and 1/n.
TEST(StreamLaws, TanhStreamGrowsAsItsInfiniteWidthMapSays) {
  const StreamNetwork network = stream_network_of(Block::mlp, "tanh", 1024, 1024, 16);
  for (const auto& [l, expected] : {std::pair{1, 1.394294}, {4, 2.903897}, {16, 11.204137}})
    expect_mean_near(sampled(network, 40, 3, [l = l](const StreamSample& s) { return q(s, std::size_t(l)); }),
                     expected, 0.01 * expected);
  expect_mean_near(sampled(network, 40, 3, [](const StreamSample& s) { return s.backward[0].ln(); }), 3.63355,
                   0.03);
}

/// pre-RMS, L = 64, n = 512: ln q_L and ln g_0 of ReLU (σ₁² = 2) 4.1734 ± .0010 and 4.1694 ± .0036, ln g_0 of
/// ReGLU (m = 256) 6.609 ± .020 (Monte Carlo of another program; its errors are allowed for): 40 networks.
TEST(StreamLaws, PreNormStreamsHaveTheirValues) {
  StreamNetwork mlp = stream_network_of(Block::mlp, "relu", 512, 512, 64, 2);
  mlp.norm = Norm::pre_rms;
  expect_mean_near(sampled(mlp, 40, 4, [](const StreamSample& s) { return s.forward.back().ln(); }), 4.1734,
                   0.005);
  expect_mean_near(sampled(mlp, 40, 4, [](const StreamSample& s) { return s.backward[0].ln(); }), 4.1694,
                   0.018);
  StreamNetwork glu = stream_network_of(Block::glu, "relu", 512, 256, 64);
  glu.norm = Norm::pre_rms;
  expect_mean_near(sampled(glu, 40, 5, [](const StreamSample& s) { return s.backward[0].ln(); }), 6.609, 0.1);
}

/// post-RMS, tanh, n = 512: ln g falls by .0483 ± .0005 a block (Monte Carlo of another program), L = 32: 40
/// networks.
TEST(StreamLaws, PostNormGradientsGrowAtTheirRate) {
  StreamNetwork network = stream_network_of(Block::mlp, "tanh", 512, 512, 32);
  network.norm = Norm::post_rms;
  expect_mean_near(sampled(network, 40, 6,
                           [](const StreamSample& s) { return (s.backward[1] / s.backward[32]).ln() / 31; }),
                   0.0483, 0.0025);
}

/// Attention without a skip, T = 8, c = .9, σ_a² = 1: 1 − c' = 1.243e-4 ± .007e-4 at n = 4096, 64 heads: 30
/// networks, and 300 of the Gram engine's.
TEST(StreamLaws, AttentionCollapsesTokensByItsConstant) {
  StreamNetwork network = stream_network_of(Block::attention, "relu", 4096, 1, 1);
  network.heads = 64;
  network.tokens = 8;
  network.skip = 0;
  network.input_correlation = 0.9;
  const auto distances =
      sampled(network, 30, 7, [](const StreamSample& s) { return 1 - s.correlation[1]->value; });
  expect_mean_near(distances, 1.243e-4, 0.035e-4);
  const auto folded = sampled(
      network, 300, 7, [](const StreamSample& s) { return 1 - s.correlation[1]->value; }, MatrixKind::folded);
  expect_mean_near(folded, 1.243e-4, 0.035e-4);
}

/// W_V and W_O at the top, uniform attention (σ_q² = σ_k² small), independent output gradients: with g = 1/T
/// a token, E|∂W_V|² = n σ_o² g (q + (T−1)p) and E|∂W_O|² = T g n σ_v² (q + (T−1)p)/T; E|∂W_Q|² = n q σ_k²
/// σ_v² σ_o² g (q − p)² (T−1)/T: 1 500 networks of n = 64 and T = 4; the last to 10 % (1/n). As
/// many of the Gram engine's at n = 4096, to 1 %.
void expect_gradients_of_attention(std::int64_t width, MatrixKind kind, double within) {
  constexpr double T = 4, p = 0.5, v = 0.8, o = 1.3, a = 1e-4;
  const auto n = static_cast<double>(width);
  StreamNetwork network = stream_network_of(Block::attention, "relu", width, 1, 1);
  network.heads = 4;
  network.tokens = 4;
  network.input_correlation = p;
  using enum MatrixRole;
  network.variance[query] = network.variance[key] = Magnitude::from(a / n);
  network.variance[value] = Magnitude::from(v / n);
  network.variance[attention_out] = Magnitude::from(o / n);
  const auto of = [&](MatrixRole role) {
    return sampled(
        network, 1500, 8, [role](const StreamSample& s) { return s.groups[role][1].to_double(); }, kind);
  };
  const double together = 1 + (T - 1) * p;
  const double of_values = n * o * together / T;
  expect_mean_near(of(value), of_values, 0.01 * of_values);
  const double out_of_values = n * v * together / T;
  expect_mean_near(of(attention_out), out_of_values, 0.01 * out_of_values);
  const double queries = n * a * v * o * (1 - p) * (1 - p) * (T - 1) / T / T;
  expect_mean_near(of(query), queries, within * queries);
}

TEST(StreamLaws, AttentionsGradientsHaveTheirValues) {
  expect_gradients_of_attention(64, MatrixKind::deferred, 0.1);
  expect_gradients_of_attention(4096, MatrixKind::folded, 0.01);
}

/// Softmax of normal logits, T = 16, c = .5, effective variance 1: Σ_a A_ia² .13237 and Σ_a A_ia A_ja .09213
/// (± .0004), of an infinitely wide network: without a skip q' = p + (q − p) Y₂ and c'q' = p + (q − p) Y₁₁
/// at n = 2²⁰ and 256 heads: 20 networks of the Gram engine.
TEST(StreamLaws, SoftmaxOfManyTokensHasItsMoments) {
  constexpr double p = 0.5;
  StreamNetwork network = stream_network_of(Block::attention, "relu", 1 << 20, 1, 1);
  network.heads = 256;
  network.tokens = 16;
  network.skip = 0;
  network.input_correlation = p;
  network.variance[MatrixRole::query] = Magnitude::from(2 / static_cast<double>(network.n));
  const auto mean_weight = [&](const std::function<double(const StreamSample&)>& of) {
    Numbers x = sampled(network, 20, 9, of, MatrixKind::folded);
    for (double& value : x) value = (value - p) / (1 - p);
    return x;
  };
  expect_mean_near(mean_weight([](const StreamSample& s) { return q(s, 1); }), 0.13237, 0.0008);
  expect_mean_near(mean_weight([](const StreamSample& s) { return q(s, 1) * s.correlation[1]->value; }),
                   0.09213, 0.0008);
}

}  // namespace
}  // namespace varprop::test
