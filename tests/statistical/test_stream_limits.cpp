// Theory of infinite width against wide networks of the deferred engine: of every block, with norms, dropout,
// gates, unequal widths and tokens, the signal, the gradient, every matrix's gradient, the branch's and the
// correlations of tokens at every layer, also of tokens that a causal mask makes unlike.
//
// 200 networks a case. Means over them are compared in units of their standard error e: |mean − theory| < 5e
// + 3 % of theory, 3 % for what width 2048 (of attention: 32 heads of 64 neurons) leaves out of the limit.
// About 600 comparisons; by chance one of them fails in fewer than 1 of 1000 seeds, and the seed is fixed.
//
// Seen red: with the causal mask left out of theory's softmax.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/network/point.hpp"
#include "theory/streams/stream_theory.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::uint32_t networks = 200;
constexpr std::uint64_t seed = 11;
constexpr double share_of_width = 0.03;

struct MeanAndError {
  double mean, error;
};

MeanAndError mean_and_error(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double x : values) sum += x;
  for (const double x : values) squares += std::pow(x - sum / count, 2);
  return {sum / count, std::sqrt(squares / (count - 1) / count)};
}

class Comparison {
 public:
  Comparison(const Point& point, const NetworkSettings& settings)
      : name_(point_in_words(point)),
        network_(stream_network(point, settings)),
        limit_(*theory::stream_profiles(theory::MeanField(point.activation), point, settings)) {
    const std::uint64_t h = hash_text(canonical_text(point, settings));
    const RandomMatrices matrices(MatrixKind::deferred, network_.weights, seed, h);
    StreamEngine engine(network_, matrices);
    const StopFlag stop{false};
    for (std::uint32_t replica = 0; replica < networks; ++replica) {
      samples_.emplace_back(network_.L);
      engine(replica, samples_.back(), stop);
    }
  }

  void expect_alike() const {
    for (std::size_t l = 0; l <= static_cast<std::size_t>(network_.L); ++l) {
      expect("q", l, limit_.log_q[l], [l](const StreamSample& s) { return s.forward[l]; });
      expect("g", l, limit_.log_g[l], [l](const StreamSample& s) { return s.backward[l]; });
      if (network_.tokens > 1) expect_correlations(l);
      if (l > 0) expect_layer(l);
    }
  }

 private:
  void expect_layer(std::size_t l) const {
    for (std::size_t role = 0; role < matrix_roles; ++role) {
      expect(std::string(matrix_role_names[role]), l, limit_.log_groups.values[role][l],
             [l, role](const StreamSample& s) { return s.groups.values[role][l]; });
    }
    if (!std::isnan(limit_.log_branch_gradient[l]))
      expect("branch gradient", l, limit_.log_branch_gradient[l],
             [l](const StreamSample& s) { return s.branch_gradient[l]; });
    expect("activations", l, limit_.log_a[l], [l](const StreamSample& s) { return s.activations[l]; });
  }

  void expect_correlations(std::size_t l) const {
    std::vector<double> c, gamma;
    for (const StreamSample& sample : samples_) {
      c.push_back(sample.correlation[l]->value);
      gamma.push_back(sample.gradient_correlation[l]->value);
    }
    const auto near = [&](const char* what, const std::vector<double>& values, double expected) {
      const auto [mean, error] = mean_and_error(values);
      EXPECT_NEAR(mean, expected, 5 * error + 0.01) << what << ' ' << l << ", " << name_;
    };
    near("c", c, limit_.correlation[l]);
    near("gamma", gamma, limit_.gamma[l]);
  }

  template <class Read>
  void expect(const std::string& what, std::size_t l, double log_limit, const Read& read) const {
    std::vector<double> values;
    for (const StreamSample& sample : samples_) values.push_back(read(sample).to_double());
    const auto [mean, error] = mean_and_error(values);
    const double expected = std::isinf(log_limit) ? 0 : std::exp(log_limit);
    EXPECT_NEAR(mean, expected, 5 * error + share_of_width * expected)
        << what << ' ' << l << ", " << name_ << ", " << mean / expected;
  }

  std::string name_;
  StreamNetwork network_;
  theory::StreamProfiles limit_;
  std::vector<StreamSample> samples_;
};

Point point_of(Block block, const char* activation, Norm norm) {
  Point point{Activation::parse(activation),
              WeightDistribution::gaussian,
              WeightVariance(1.3),
              BiasVariance(0),
              Width(2048),
              Depth(3)};
  point.block = block;
  point.norm = norm;
  point.skip = Skip(.9);
  point.branch_scale = BranchScale(.8);
  return point;
}

TEST(StreamLimits, HoldOfBranchesOfNeurons) {
  for (const Norm norm : {Norm::none, Norm::pre_rms, Norm::post_layer}) {
    Point point = point_of(Block::residual, "tanh", norm);
    point.bias_variance = BiasVariance(.2);
    Comparison(point, {}).expect_alike();
    point = point_of(Block::mlp, "gelu", norm);
    point.bias_variance = BiasVariance(.2);
    point.keep = Keep(.8);
    point.output_ratio = OutputRatio(.6);
    Comparison(point, {.input_mean_square = 1.5}).expect_alike();
    Comparison(point_of(Block::mlp, "leaky_relu(0.3)", norm), {}).expect_alike();
    point = point_of(Block::glu, "silu", norm);
    point.hidden_ratio = HiddenRatio(.5);
    point.keep = Keep(.7);
    Comparison(point, {.variance_scaling = VarianceScaling::fan_out}).expect_alike();
  }
}

TEST(StreamLimits, HoldOfAttention) {
  for (const Norm norm : {Norm::none, Norm::pre_layer, Norm::post_rms}) {
    for (const std::int32_t tokens : {1, 2, 5}) {
      Point point = point_of(Block::attention, "relu", norm);
      point.tokens = Tokens(tokens);
      point.heads = Heads(32);
      point.value_ratio = ValueRatio(.7);
      Comparison(point, {}).expect_alike();
    }
  }
}

TEST(StreamLimits, HoldOfTransformers) {
  for (const Norm norm : {Norm::pre_rms, Norm::post_layer}) {
    Point point = point_of(Block::transformer, "gelu", norm);
    point.tokens = Tokens(4);
    point.heads = Heads(32);
    point.bias_variance = BiasVariance(.1);
    Comparison(point, {.token_correlation = .2}).expect_alike();
    point = point_of(Block::transformer_glu, "relu", norm);
    point.tokens = Tokens(3);
    point.heads = Heads(32);
    point.keep = Keep(.6);
    point.hidden_ratio = HiddenRatio(.5);
    Comparison(point, {.token_correlation = -.3}).expect_alike();
  }
}

TEST(StreamLimits, HoldOfTokensBehindACausalMask) {
  const NetworkSettings causal{.attention_mask = AttentionMask::causal, .token_correlation = .2};
  Point point = point_of(Block::attention, "relu", Norm::post_rms);
  point.tokens = Tokens(5);
  point.heads = Heads(32);
  Comparison(point, causal).expect_alike();
  point = point_of(Block::transformer, "gelu", Norm::pre_layer);
  point.tokens = Tokens(3);
  point.heads = Heads(32);
  point.bias_variance = BiasVariance(.1);
  Comparison(point, causal).expect_alike();
  point = point_of(Block::transformer_glu, "relu", Norm::post_rms);
  point.tokens = Tokens(4);
  point.heads = Heads(32);
  point.keep = Keep(.6);
  Comparison(point, causal).expect_alike();
}

}  // namespace
}  // namespace varprop::test
