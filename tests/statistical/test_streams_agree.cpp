// Networks of blocks have one law whether their matrices are drawn or never drawn: two-sample
// Kolmogorov–Smirnov tests of every block, norm and number of tokens, at widths from 2 on.
//
// 4 000 networks a side and case, 22 statistics of which a block has 13 to 21, α = 10⁻⁷ each. Of all
// combinations every 13th is tested, all of them with --gtest_also_run_disabled_tests
// --gtest_filter='*StreamsAgree*' (docs/campaigns.md): the false-alarm rate is below 10⁻⁴ for the tested ones
// and below 10⁻³ for all; the seeds are fixed. Seen to fail with what the other side knows left out of an
// image, with a fresh image that is not made fresh beside it, and with columns that are not made orthogonal.
// Streams in axes (every 19th of their cases) seen to fail with χ_N on the whole diagonal of a triangle (9 of
// 13 cases), without the rotation of the way back (7), its signs (1) or the turn (8), with its dimensions n
// for n − T (6), with what comes back to the stream not along the gradient's axes (5) and with these not
// taken together before (3), with what is written not along the signal's axes (9), with keys not along the
// queries' (8), with what comes back to heads not along their values (10), and with b₂ along what the branch
// has written (1).
// What both kinds of matrices share, the blocks themselves, is not seen here (the norm's Jacobian of the
// wrong sign passes) but by tests/workers/networks/test_layer.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tests/statistical/two_samples.hpp"
#include "workers/networks/stream_engine.hpp"
#include "workers/streams/scalar_stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::size_t networks = 4000;
constexpr double alpha = 1e-7;
constexpr std::int32_t L = 3;

struct StreamStatistic {
  const char* name;
  double (*of)(const StreamSample&);
};
using Sample = const StreamSample&;

template <MatrixRole role>
double ln_gradient(Sample s) {
  return ln(s.groups[role][2]);
}

/// Without a skip a norm leaves D nothing along the branch, but for rounding.
double ln_of_beta(Sample s) {
  const Magnitude& db = s.branch_gradient[2];
  const bool rounding = !db.zero() && (s.backward[2] / db).ln() > 55;
  return ln(rounding ? Magnitude() : db);
}

/// Tokens that a single living ReLU has made are equal but for rounding.
double ln_distance(const Cosine& tokens) {
  return tokens.distance.to_double() < 1e-29 ? -1e30 : ln(tokens.distance);
}

constexpr std::array statistics{
    StreamStatistic{"ln q_L", [](Sample s) { return ln(s.forward.back()); }},
    StreamStatistic{"V X_L", [](Sample s) { return std::round(s.output_cosine * 0x1p30); }},
    StreamStatistic{"ln g_0", [](Sample s) { return ln(s.backward[0]); }},
    StreamStatistic{"ln g_2", [](Sample s) { return ln(s.backward[2]); }},
    StreamStatistic{"D_0 X_0", [](Sample s) { return std::round(s.input_cosine * 0x1p30); }},
    StreamStatistic{"V X_L D_0 X_0",
                    [](Sample s) { return std::round(s.output_cosine * s.input_cosine * 0x1p30); }},
    StreamStatistic{"ln q_1 ln g_0", [](Sample s) { return ln(s.forward[1]) * ln(s.backward[0]); }},
    StreamStatistic{
        "ln w_1 ln q_L/q_2",
        [](Sample s) { return ln(s.weight_gradient[1]) * (ln(s.forward[3]) - ln(s.forward[2])); }},
    StreamStatistic{"ln db", ln_of_beta},
    StreamStatistic{"1-c_L", [](Sample s) { return s.correlation[L] ? ln_distance(*s.correlation[L]) : 0; }},
    StreamStatistic{"c of D_0",
                    [](Sample s) {
                      return s.gradient_correlation[0] ? std::round(s.gradient_correlation[0]->value * 0x1p30)
                                                       : 0;
                    }},
    StreamStatistic{"ln A", [](Sample s) { return ln(s.activations[2]); }},
    StreamStatistic{"ln Theta_b", [](Sample s) { return ln(s.ntk_bias); }},
    StreamStatistic{"in", ln_gradient<MatrixRole::in>},
    StreamStatistic{"gate", ln_gradient<MatrixRole::gate>},
    StreamStatistic{"out", ln_gradient<MatrixRole::out>},
    StreamStatistic{"query", ln_gradient<MatrixRole::query>},
    StreamStatistic{"key", ln_gradient<MatrixRole::key>},
    StreamStatistic{"value", ln_gradient<MatrixRole::value>},
    StreamStatistic{"attention_out", ln_gradient<MatrixRole::attention_out>}};

using Samples = std::array<std::vector<double>, statistics.size()>;

template <class Simulate>
Samples draw_from(Simulate&& simulate, std::uint32_t count) {
  StreamSample sample(L);
  const StopFlag stop{false};
  Samples samples;
  for (std::uint32_t replica = 0; replica < count; ++replica) {
    simulate(replica, sample, stop);
    for (std::size_t i = 0; i < statistics.size(); ++i) samples[i].push_back(statistics[i].of(sample));
  }
  return samples;
}

Samples draw(const StreamNetwork& network, MatrixKind kind, std::uint64_t seed,
             std::uint32_t count = networks) {
  return draw_from(StreamEngine(network, RandomMatrices(kind, WeightDistribution::gaussian, seed, 77)),
                   count);
}

Samples draw(const StreamNetwork& network, HiddenSums hidden, std::uint64_t seed, std::uint32_t count) {
  return draw_from(ScalarStreamEngine(network, hidden, {seed, 77}), count);
}

void expect_one_law(const Samples& a, const Samples& b) {
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    EXPECT_LT(kolmogorov_smirnov_distance(a[i], b[i]), kolmogorov_smirnov_limit(alpha, a[i].size()))
        << statistics[i].name;
  }
}

class StreamsAgree : public ::testing::TestWithParam<StreamNetwork> {};

TEST_P(StreamsAgree, WhetherTheirMatricesAreDrawnOrNever) {
  expect_one_law(draw(GetParam(), MatrixKind::drawn, 1), draw(GetParam(), MatrixKind::deferred, 2));
}

/// The same law again where a stream is told by its length and angles alone. 10 000 networks a side.
///
/// Seen to fail, of the 14 cases of every run: without β_h (12), with the sign of sp − cw turned (1), without
/// the fresh normal along D (13), with χ²_{n−1} for χ²_{n−2} in w (3) and beside D (8), with LayerNorm's walk
/// in n dimensions (3), its first mean left out of û (2) or of D·ε (1), with the skip's part of D·ε of the
/// other sign (4), with a post-norm that leaves D along x (4), a pre-norm that lets W₁ᵀδ along x through (5),
/// a walk that forgets w in D·x̂ (6), without the biases' noise along û (1), and with values' part along û
/// against gates' (2), and with a post-norm's gradient that has nothing along 1̂ from below (1).
class ScalarStreamsAgree : public ::testing::TestWithParam<StreamNetwork> {};

constexpr std::uint32_t scalar_networks = 10000;

bool is_radial(const StreamNetwork& network) {
  return !has_glu(network.block) &&
         (network.activation.facts().homogeneous() || network.block == Block::attention);
}

TEST_P(ScalarStreamsAgree, WithThoseOfVectors) {
  const StreamNetwork& network = GetParam();
  const MatrixKind judge = network.n % 2 == 0 ? MatrixKind::drawn : MatrixKind::deferred;
  const Samples conditional = draw(network, HiddenSums::of_neurons, 3, scalar_networks);
  {
    SCOPED_TRACE("conditional");
    expect_one_law(draw(network, judge, 4, scalar_networks), conditional);
  }
  if (!is_radial(network)) return;
  SCOPED_TRACE("radial");
  expect_one_law(draw(network, HiddenSums::radial, 5, scalar_networks), conditional);
}

/// The same law again where vectors have as few components as there are of them: the engine gram.
class FoldedStreamsAgree : public ::testing::TestWithParam<StreamNetwork> {};

TEST_P(FoldedStreamsAgree, WithThoseOfAllComponents) {
  expect_one_law(draw(GetParam(), MatrixKind::deferred, 1), draw(GetParam(), MatrixKind::folded, 2));
}

std::int32_t heads_of(std::int64_t n) {
  if (n % 2 == 0) return 2;
  return n % 3 == 0 && n > 3 ? 3 : 1;
}

StreamNetwork network_of(Block block, Norm norm, std::int32_t tokens, std::int64_t n, std::size_t number) {
  constexpr std::array activations{"relu", "tanh", "gelu", "silu"};
  StreamNetwork network;
  network.block = block;
  network.norm = norm;
  network.activation = Activation::parse(activations[number % activations.size()]);
  network.n = n;
  network.L = L;
  network.m = number % 2 == 0 ? n : n / 2 + 1;
  network.skip = number % 5 == 0 ? 0 : 1;
  network.branch_scale = number % 5 == 0 ? 1 : 0.8;
  const double fan_in = static_cast<double>(n), hidden = static_cast<double>(network.m);
  for (Magnitude& k : network.variance.values) k = Magnitude::from(1.4 / fan_in);
  if (has_mlp(block) || has_glu(block)) network.variance[MatrixRole::out] = Magnitude::from(1 / hidden);
  const bool biases = has_mlp(block) || block == Block::residual || block == Block::plain;
  if (biases && number % 3 == 0) network.bias_variance = Magnitude::from(0.3);
  if (block == Block::plain) network.skip = 1;
  network.heads = has_attention(block) ? heads_of(n) : 1;
  network.tokens = tokens;
  if ((has_mlp(block) || has_glu(block) || block == Block::plain) && number % 4 == 1) network.keep = 0.7;
  network.mask = number / 2 % 2 == 0 ? AttentionMask::causal : AttentionMask::none;
  network.scale = number % 3 == 0 ? AttentionScale::linear : AttentionScale::sqrt;
  network.input_correlation = number % 2 == 0 ? 0 : 0.6;
  return network;
}

std::vector<StreamNetwork> every(std::size_t step) {
  std::vector<StreamNetwork> networks_of;
  std::size_t number = 0;
  for (const auto& [block, block_word] : EnumWords<Block>::words) {
    for (const auto& [norm, norm_word] : EnumWords<Norm>::words) {
      for (const std::int32_t tokens : {1, 2, 3, 5}) {
        for (const std::int64_t n : {2, 3, 7, 8, 33}) {
          if (tokens > n || (tokens > 1 && !has_attention(block))) continue;
          if (centres(norm) && n < 3) continue;
          if (number++ % step == 0) networks_of.push_back(network_of(block, norm, tokens, n, number));
        }
      }
    }
  }
  return networks_of;
}

/// Streams in axes: what is left beside the tokens is nothing at n = T, less than they have at n < 2T, and
/// more.
std::vector<StreamNetwork> every_folded(std::size_t step) {
  std::vector<StreamNetwork> networks_of;
  std::size_t number = 0;
  for (const Block block : {Block::attention, Block::transformer, Block::transformer_glu}) {
    for (const auto& [norm, norm_word] : EnumWords<Norm>::words) {
      for (const auto& [tokens, widths] : {std::pair{2, std::array<std::int64_t, 4>{2, 4, 8, 33}},
                                           {3, {3, 4, 7, 12}},
                                           {5, {5, 8, 16, 33}},
                                           {8, {8, 13, 24, 40}}}) {
        for (const std::int64_t n : widths) {
          if (centres(norm) && n < 3) continue;
          if (number++ % step != 0) continue;
          StreamNetwork network = network_of(block, norm, tokens, n, number);
          if (n % 4 == 0) network.heads = number % 3 == 0 ? 4 : 1;
          if (number % 7 == 2 && network.skip > 0) network.branch_scale = number % 2 == 0 ? 0 : 1e-9;
          if (number % 11 == 3) {  // attention that is all but uniform
            network.variance[MatrixRole::query] = Magnitude::from(1e-4 / static_cast<double>(n));
            network.variance[MatrixRole::key] = network.variance[MatrixRole::query];
          }
          networks_of.push_back(network);
        }
      }
    }
  }
  return networks_of;
}

/// Settings that go through all their values independently of each other, number by number.
StreamNetwork scalar_network_of(Block block, Norm norm, std::int64_t n, std::size_t number) {
  const auto one_of = [number](const auto& values, std::size_t salt) {
    return values[hash_text(std::to_string(number * 16 + salt)) % std::size(values)];
  };
  StreamNetwork network = network_of(block, norm, 1, n, 1);
  network.activation = Activation::parse(
      one_of(std::array{"relu", "tanh", "leaky_relu(0.3)", "gelu", "abs", "relu", "silu"}, 0));
  network.skip = one_of(std::array{0.0, 1.0, 1.0, 0.6, 1.3}, 1);
  network.branch_scale = one_of(std::array{1.0, 0.4}, 2);
  network.m = one_of(std::array{n, n / 2 + 1, 2 * n}, 3);
  network.keep = has_activation(block) ? one_of(std::array{1.0, 1.0, 0.7}, 4) : 1;
  network.bias_variance = Magnitude::from(has_mlp(block) ? one_of(std::array{0.0, 0.3, 2.0}, 5) : 0);
  network.input = EnumWords<InputDistribution>::words[hash_text(std::to_string(number)) % 5].first;
  network.input_mean_square = one_of(std::array{1.0, 4.0, 0.1}, 6);
  const double hidden = static_cast<double>(network.m);
  if (has_mlp(block) || has_glu(block)) network.variance[MatrixRole::out] = Magnitude::from(1.2 / hidden);
  return network;
}

/// Every block that leaves the stream to matrices and norms.
std::vector<StreamNetwork> every_scalar(std::size_t step, std::size_t times) {
  std::vector<StreamNetwork> networks_of;
  std::size_t number = 0;
  for (std::size_t time = 0; time < times; ++time) {
    for (const auto& [block, block_word] : EnumWords<Block>::words) {
      if (!has_stream(block) || block == Block::residual) continue;
      for (const auto& [norm, norm_word] : EnumWords<Norm>::words) {
        for (const std::int64_t n : {1, 2, 3, 7, 33}) {
          if (n < (centres(norm) ? 3 : norm == Norm::none ? 1 : 2)) continue;
          if (number++ % step == 0) networks_of.push_back(scalar_network_of(block, norm, n, number));
        }
      }
    }
  }
  return networks_of;
}

std::string name_of(const testing::TestParamInfo<StreamNetwork>& test) {
  const StreamNetwork& c = test.param;
  std::string name = std::string(word_of(c.block)) + "_" + std::string(word_of(c.norm)) + "_T" +
                     std::to_string(c.tokens) + "_n" + std::to_string(c.n) + "_" +
                     std::string(word_of(c.mask)) + "_" + c.activation.text() + "_" +
                     std::to_string(test.index);
  std::ranges::replace_if(
      name, [](char x) { return x == '(' || x == ')' || x == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Some, StreamsAgree, ::testing::ValuesIn(every(13)), name_of);
INSTANTIATE_TEST_SUITE_P(DISABLED_All, StreamsAgree, ::testing::ValuesIn(every(1)), name_of);

INSTANTIATE_TEST_SUITE_P(Some, FoldedStreamsAgree, ::testing::ValuesIn(every_folded(19)), name_of);
INSTANTIATE_TEST_SUITE_P(DISABLED_All, FoldedStreamsAgree, ::testing::ValuesIn(every_folded(1)), name_of);
INSTANTIATE_TEST_SUITE_P(Some, ScalarStreamsAgree, ::testing::ValuesIn(every_scalar(7, 1)), name_of);
INSTANTIATE_TEST_SUITE_P(DISABLED_All, ScalarStreamsAgree, ::testing::ValuesIn(every_scalar(1, 3)), name_of);

}  // namespace
}  // namespace varprop::test
