// Laws of streams that are told by their length and angles, at widths and depths that vectors would not
// reach.
//
// Every test says how many networks it draws; means and variances may be 5 standard errors off, so that each
// of the 32 comparisons fails by chance less than once in 10⁶ (normal means), but where 3 are said; the seeds
// are fixed. Seen to fail: the moments without β_h, without the fresh normal along D, with a χ² of one degree
// more and with the skip's part of D·ε of the other sign; the values of pre-norms with W₁ᵀδ let through along
// x; the rates of post-norms with D left along x; gates' moments without what goes back to values; the
// tangent kernel without |u|² in |∂W₁|².
#include <gtest/gtest.h>

#include <cmath>

#include "tests/statistical/stream_samples.hpp"
#include "workers/streams/scalar_stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

HiddenSums sums_for(const StreamNetwork& network) {
  const bool radial = network.activation.facts().homogeneous() && !has_glu(network.block);
  return radial ? HiddenSums::radial : HiddenSums::of_neurons;
}

/// ln q_L and ln g_0 of every network.
struct Ends {
  Numbers signal, gradient;
};

Ends ends_of(const StreamNetwork& network, std::uint32_t networks, std::uint64_t seed) {
  ScalarStreamEngine engine(network, sums_for(network), {seed, 99});
  Ends ends;
  ends.signal = numbers_of_networks(engine, network.L, networks, [&ends](const StreamSample& sample) {
    ends.gradient.push_back(sample.backward[0].ln());
    return sample.forward.back().ln();
  });
  return ends;
}

/// E q_L = (α²+β²B)^L q_0 = E g_0 q_0, and E q_L²/(E q_L)² = E g_0²/(E g_0)² = (1+ρ)^L with
/// ρ = [4α²β²B/n + β⁴B²(2/n + 5/m + 10/(nm))]/(α²+β²B)², for ReLU: 40 000 networks each.
TEST(ScalarStreamLaws, ReluStreamsHaveTheirExactFirstAndSecondMoments) {
  struct Case {
    std::int64_t n, m;
    std::int32_t L;
    double alpha, beta, B;
  };
  for (const Case& c :
       {Case{64, 64, 8, 1, 1, 1}, Case{5, 4, 3, 0.9, 0.6, 1.25}, Case{20, 60, 6, 0.5, 1, 1}}) {
    StreamNetwork network = stream_network_of(Block::mlp, "relu", c.n, c.m, c.L, 2 * c.B);
    network.skip = c.alpha;
    network.branch_scale = c.beta;
    const double a = c.alpha * c.alpha, b = c.beta * c.beta * c.B, gain = a + b;
    const double n = static_cast<double>(c.n), m = static_cast<double>(c.m);
    const double rho = (4 * a * b / n + b * b * (2 / n + 5 / m + 10 / (n * m))) / (gain * gain);
    const Ends ends = ends_of(network, 40000, 1);
    for (const Numbers& logarithms : {ends.signal, ends.gradient}) {
      Numbers x, squares;
      for (const double ln_x : logarithms) {
        x.push_back(std::exp(ln_x) / std::pow(gain, c.L));
        squares.push_back(x.back() * x.back());
      }
      expect_mean_near(x, 1);
      expect_mean_near(squares, std::pow(1 + rho, c.L));
    }
  }
}

/// α = 1, β = L^(−1/2), L → ∞ at fixed n: ln q_L and ln g_0 → N(B(1 − 2/n), 4B/n), whatever m. Here L = 512,
/// where the variance is 2 % less: 4 000 networks.
TEST(ScalarStreamLaws, ManySmallStepsAreLogNormal) {
  for (const std::int64_t n : {8, 32}) {
    StreamNetwork network = stream_network_of(Block::mlp, "relu", n, n / 2, 512, 2);
    network.branch_scale = 1 / std::sqrt(512.0);
    const Ends ends = ends_of(network, 4000, 2);
    for (const Numbers& x : {ends.signal, ends.gradient}) {
      expect_mean_near(x, 1 - 2.0 / double(n), 0.01);
      expect_variance_near(x, 4.0 / double(n), 0.03 * 4.0 / double(n));
      EXPECT_LT(std::fabs(Moments(x).excess_kurtosis), 5 * std::sqrt(24.0 / 4000));
    }
  }
}

/// At n = 10⁹ a ReLU stream with biases and a transformer of one token follow the infinitely wide maps:
/// q' = α²q + β²(σ₂²V(σ₁²q + σ_b²) + σ_b²), g' = (α² + β²σ₁²σ₂²D)g, here to 10⁻⁴ in the mean of
/// 1 000 networks, of which one strays by some 2·10⁻⁴.
TEST(ScalarStreamLaws, WideStreamsFollowTheirInfinitelyWideMaps) {
  constexpr std::int64_t n = 1000000000;
  constexpr double alpha = 0.9, beta = 0.7, in = 1.7, out = 1.3, biases = 0.2;
  constexpr std::int32_t L = 20;
  for (const Block block : {Block::mlp, Block::transformer}) {
    StreamNetwork network = stream_network_of(block, "relu", n, n / 2, L, in, out);
    network.skip = alpha;
    network.branch_scale = beta;
    network.bias_variance = Magnitude::from(biases);
    double q = 1, g = 1;
    for (std::int32_t l = 1; l <= L; ++l) {
      const double attention = alpha * alpha + beta * beta;  // σ_v² = σ_o² = 1
      if (block == Block::transformer) q *= attention, g *= attention;
      q = alpha * alpha * q + beta * beta * (out * (in * q + biases) / 2 + biases);
      g *= alpha * alpha + beta * beta * in * out / 2;
    }
    const Ends ends = ends_of(network, 1000, 3);
    EXPECT_NEAR(Moments(ends.signal).mean, std::log(q), 1e-4);
    EXPECT_NEAR(Moments(ends.gradient).mean, std::log(g), 1e-4);
  }
}

/// pre-RMS, L = 64, n = 512: the values of another program, each with 5 of its standard errors: ln q_L and
/// ln g_0 of ReLU 4.1734 ± .0010 and 4.1694 ± .0036 (2 000 networks), ln g_0 of GELU 3.543 ± .011 (300) and
/// of ReGLU, m = 256, 6.609 ± .020 (300).
TEST(ScalarStreamLaws, PreNormStreamsHaveTheirValues) {
  StreamNetwork relu = stream_network_of(Block::mlp, "relu", 512, 512, 64, 2);
  relu.norm = Norm::pre_rms;
  const Ends ends = ends_of(relu, 2000, 4);
  expect_mean_near(ends.signal, 4.1734, 0.005);
  expect_mean_near(ends.gradient, 4.1694, 0.018);
  StreamNetwork gelu = stream_network_of(Block::mlp, "gelu", 512, 512, 64);
  gelu.norm = Norm::pre_rms;
  expect_mean_near(ends_of(gelu, 300, 5).gradient, 3.543, 0.055);
  StreamNetwork glu = stream_network_of(Block::glu, "relu", 512, 256, 64);
  glu.norm = Norm::pre_rms;
  expect_mean_near(ends_of(glu, 300, 6).gradient, 6.609, 0.1);
}

/// post-RMS at n = 512: ln g_0/g_L a block is −1.2/n for ReLU, from the second block on (4 000 networks of 32
/// blocks), and .0483 ± .0005 for tanh (200).
TEST(ScalarStreamLaws, PostNormGradientsGrowAtTheirRates) {
  const auto rates = [](const StreamNetwork& network, std::uint32_t networks) {
    ScalarStreamEngine engine(network, sums_for(network), {7, 99});
    return numbers_of_networks(engine, network.L, networks, [&network](const StreamSample& sample) {
      return (sample.backward[1] / sample.backward.back()).ln() / (network.L - 1);
    });
  };
  StreamNetwork relu = stream_network_of(Block::mlp, "relu", 512, 512, 32);
  relu.norm = Norm::post_rms;
  expect_mean_near(rates(relu, 4000), -1.2 / 512, 0.3 / 512);
  StreamNetwork tanh = stream_network_of(Block::mlp, "tanh", 512, 512, 32);
  tanh.norm = Norm::post_rms;
  expect_mean_near(rates(tanh, 200), 0.0483, 0.0025);
}

/// pre-RMS ReLU, v = 1, n = m = 256: n Var ln g_0 = 16.4 ± .4 and 38.9 ± 1.0 at L = 16 and 256 (another
/// program, 5 of its standard errors): 8 a unit of ln L. 5 000 networks each.
TEST(ScalarStreamLaws, PreNormGradientsSpreadByEightOverWidth) {
  for (const auto& [L, spread, within] : {std::tuple{16, 16.4, 2.0}, {256, 38.9, 5.0}}) {
    StreamNetwork network = stream_network_of(Block::mlp, "relu", 256, 256, L, 2);
    network.norm = Norm::pre_rms;
    expect_variance_near(ends_of(network, 5000, 8).gradient, spread / 256, within / 256);
  }
}

/// h = φ(z) ⊙ t of one gated block without a skip, at n = 10⁹ and m = 64: E q_1 = V(s²)s², E q_1²/(E q_1)² =
/// 1 + (M − 1)/m with M = 3 E φ⁴/V², E g_0 = V + s²D; 9, 18, 21.64684 and 21.78524 of bilinear, ReGLU, GEGLU
/// and SwiGLU units. 100 000 networks each, 3 standard errors (12 comparisons: one in 30 seeds fails one).
TEST(ScalarStreamLaws, GatedUnitsHaveTheirMoments) {
  struct Gate {
    const char* activation;
    double V, D, M;
  };
  for (const Gate& gate :
       {Gate{"linear", 1, 1, 9}, Gate{"relu", 0.5, 0.5, 18}, Gate{"gelu", 0.42522148, 0.45585087, 21.64684},
        Gate{"silu", 0.35577552, 0.37948235, 21.78524}}) {
    constexpr std::int64_t m = 64;
    StreamNetwork network = stream_network_of(Block::glu, gate.activation, 1000000000, m, 1);
    network.skip = 0;
    Numbers q, squares, g;
    const Ends ends = ends_of(network, 100000, 10);
    for (const double ln_q : ends.signal) {
      q.push_back(std::exp(ln_q));
      squares.push_back(q.back() * q.back());
    }
    for (const double ln_g : ends.gradient) g.push_back(std::exp(ln_g));
    expect_mean_near(q, gate.V, 0, 3);
    expect_mean_near(squares, gate.V * gate.V * (1 + (gate.M - 1) / m), 0, 3);
    expect_mean_near(g, gate.V + gate.D, 0, 3);
  }
}

/// Where a stack of gated units would stay, q* = 2, 2.15505706 and 2.42973252 of ReGLU, GEGLU and SwiGLU, a
/// block multiplies the squared gradient by 2, 2.060406 and 2.067060: 20 000 networks each, m = 1000, 3
/// standard errors.
TEST(ScalarStreamLaws, GatedStacksHaveTheirUnstableFixedPoints) {
  for (const auto& [activation, q, gain] :
       {std::tuple{"relu", 2.0, 2.0}, {"gelu", 2.15505706, 2.060406}, {"silu", 2.42973252, 2.067060}}) {
    StreamNetwork network = stream_network_of(Block::glu, activation, 1000000000, 1000, 1);
    network.skip = 0;
    network.input_mean_square = q;
    const Ends ends = ends_of(network, 20000, 11);
    const auto without_logarithm = [](Numbers x) {
      for (double& value : x) value = std::exp(value);
      return x;
    };
    expect_mean_near(without_logarithm(ends.signal), q, 0, 3);
    expect_mean_near(without_logarithm(ends.gradient), gain, 0, 3);
  }
}

/// The tangent kernel of ReLU streams without biases, exactly at every width, G = α² + β²σ₁²σ₂²/2: of
/// matrices E Θ_W = L G^(L−1) β² q_0 (mσ₁² + nσ₂²)/2, of biases E Θ_b = β² (1 + σ₂²/2) Σ_l G^(L−l). 40 000
/// networks.
TEST(ScalarStreamLaws, ReluStreamsHaveTheirMeanTangentKernel) {
  constexpr double alpha = 0.9, beta = 0.7, in = 2.2, out = 1.2, n = 8, m = 5, q_0 = 1.5;
  constexpr std::int32_t L = 4;
  StreamNetwork network = stream_network_of(Block::mlp, "relu", 8, 5, L, in, out);
  network.skip = alpha;
  network.branch_scale = beta;
  network.input_mean_square = q_0;
  Numbers of_biases;
  const Numbers of_weights = numbers_of_networks(ScalarStreamEngine(network, HiddenSums::radial, {12, 99}), L,
                                                 40000, [&](const StreamSample& sample) {
                                                   of_biases.push_back(sample.ntk_bias.to_double());
                                                   return sample.ntk_weight.to_double();
                                                 });
  const double gain = alpha * alpha + beta * beta * in * out / 2;
  expect_mean_near(of_weights, L * std::pow(gain, L - 1) * beta * beta * q_0 * (m * in + n * out) / 2);
  const double layers = (std::pow(gain, L) - 1) / (gain - 1);
  expect_mean_near(of_biases, beta * beta * (1 + out / 2) * layers);
}

/// 100 000 blocks of a branch of variance 8: ln q_L = 10⁵ (ln 9 and half a step's variance less), and the
/// same of g_0.
TEST(ScalarStreamLaws, StayFiniteThroughHundredThousandExplodingBlocks) {
  constexpr std::int32_t L = 100000;
  const StreamNetwork network = stream_network_of(Block::mlp, "relu", 1000000, 1000000, L, 16);
  const Ends ends = ends_of(network, 1, 9);
  for (const double x : {ends.signal[0], ends.gradient[0]}) EXPECT_NEAR(x, L * std::log(9.0), 5);
}

}  // namespace
}  // namespace varprop::test
