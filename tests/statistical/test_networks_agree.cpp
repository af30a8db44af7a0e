// The engines draw networks of unequal layers, with dropout and with norms from one distribution: two-sample
// Kolmogorov–Smirnov tests.
//
// T = 10 000 networks an engine and case, 8 statistics, α = 10⁻⁶ each. Of all combinations of widths,
// dropout, norms, biases, activations and fans every 25th is tested (with orthogonal weights every 13th), all
// of them with --gtest_also_run_disabled_tests --gtest_filter='*NetworksAgree*' (docs/campaigns.md). At most
// two comparisons a case: the false-alarm rate is below 10⁻³ for the tested ones, below 2·10⁻² for all; the
// seeds are fixed. Seen to fail with the projection left out of a norm's Jacobian, with r left out, with the
// gain of the layer below, with dropped neurons in the radial engine's rest.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/network/engine_choice.hpp"
#include "tests/statistical/engine_samples.hpp"
#include "workers/engines.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::size_t T = 10000;
constexpr double alpha = 1e-6;
constexpr double bias_variance = 0.3;

using Sample = const NetworkSample&;
double q(Sample s, std::size_t from_end) {
  return ln_or_low(s.forward[s.forward.size() - 1 - from_end]);
}
double g(Sample s, std::size_t l) {
  return ln_or_low(s.backward[l - 1]);
}

constexpr std::array statistics{
    Statistic{"ln q_L", [](Sample s) { return q(s, 0); }},
    Statistic{"ln g_1", [](Sample s) { return g(s, 1); }},
    Statistic{"ln w_2", [](Sample s) { return ln_or_low(s.weight_gradient[1]); }},
    Statistic{"ln A_1", [](Sample s) { return ln_or_low(s.activations[0]); }},
    Statistic{"ln A_L", [](Sample s) { return ln_or_low(s.activations.back()); }},
    Statistic{"ln q_L ln g_1", [](Sample s) { return q(s, 0) * g(s, 1); }},
    Statistic{"ln q_(L-1) ln g_1/g_2", [](Sample s) { return q(s, 1) * (g(s, 1) - g(s, 2)); }},
    Statistic{"ln A_1 ln g_1", [](Sample s) { return ln_or_low(s.activations[0]) * g(s, 1); }}};

using Samples = SamplesOf<statistics.size()>;

Samples draw(const Point& point, NetworkSettings settings, Engine engine, std::uint64_t seed) {
  settings.engine = engine;
  const auto network = make_engine(point, settings, PointSeed{seed, 77});
  NetworkSample sample(static_cast<std::size_t>(point.depth.value()));
  sample.ask_for_activations();
  return sampled(statistics, T, sample, [&](std::uint32_t replica, NetworkSample& of, const StopFlag& stop) {
    network->simulate(replica, of, stop);
  });
}

void expect_one_law(const Samples& a, const Samples& b, const char* engines) {
  test::expect_one_law(statistics, a, b, alpha, engines);
}

/// Widths n_0 … n_L, by a shape.
struct Widths {
  const char* shape;
  std::int64_t width, input, output;
  std::int32_t L;
};

struct Case {
  Widths widths;
  Norm norm;
  double keep;
  const char* activation;
  double bias;
  VarianceScaling scaling;
  WeightDistribution weights = WeightDistribution::gaussian;
};

Point point_of(const Case& c) {
  Point point{Activation::parse(c.activation), c.weights,        WeightVariance(1.8), BiasVariance(c.bias),
              Width(c.widths.width),           Depth(c.widths.L)};
  point.shape = Shape::parse(c.widths.shape);
  point.input_width = InputWidth(c.widths.input);
  point.output_width = OutputWidth(c.widths.output);
  point.norm = c.norm;
  point.keep = Keep(c.keep);
  return point;
}

class NetworksAgree : public ::testing::TestWithParam<Case> {};

TEST_P(NetworksAgree, OnDistributionsAtEveryLayerAndAcrossLayers) {
  const Point point = point_of(GetParam());
  NetworkSettings settings;
  settings.variance_scaling = GetParam().scaling;
  ASSERT_EQ(obstacle(Engine::conditional, point, settings), std::nullopt);
  const Samples conditional = draw(point, settings, Engine::conditional, 2);
  expect_one_law(draw(point, settings, Engine::dense, 1), conditional, "dense and conditional");
  if (obstacle(Engine::radial, point, settings)) return;
  expect_one_law(draw(point, settings, Engine::radial, 3), conditional, "radial and conditional");
}

constexpr Widths all_widths[] = {{"1:0.4", 5, 1, 7, 3},  // 1-5-2-7
                                 {"constant", 1, 3, 4, 2},      {"1:0.6", 5, 2, 7, 3},
                                 {"1:0.25:0.75", 12, 20, 2, 4}, {"constant", 7, 0, 0, 4},
                                 {"0.5:1.5", 20, 3, 0, 4}};
constexpr const char* activations[] = {"tanh", "relu", "gelu", "linear", "leaky_relu(0.3)", "sigmoid"};
constexpr Norm norms[] = {Norm::none, Norm::pre_rms, Norm::post_rms, Norm::pre_layer, Norm::post_layer};
constexpr VarianceScaling scalings[] = {VarianceScaling::fan_in, VarianceScaling::fan_out,
                                        VarianceScaling::fan_avg, VarianceScaling::none};

/// What an engine simulates, but for the networks of the first axes.
bool is_new(const Case& c) {
  const Point point = point_of(c);
  return !obstacle(Engine::conditional, point, {}) && !is_plain(point, {});
}

std::vector<Case> gaussian_cases() {
  std::vector<Case> cases;
  std::size_t fan = 0;
  for (const Widths& widths : all_widths) {
    for (const Norm norm : norms) {
      for (const double keep : {1.0, 0.9, 0.5}) {
        for (const double bias : {0.0, bias_variance}) {
          for (const char* activation : activations) {
            const Case c{widths, norm, keep, activation, bias, scalings[fan++ % std::size(scalings)]};
            if (is_new(c)) cases.push_back(c);
          }
        }
      }
    }
  }
  return cases;
}

std::vector<Case> orthogonal_cases() {
  std::vector<Case> cases;
  for (const std::int64_t n : {3, 7}) {
    for (const Norm norm : norms) {
      for (const double keep : {1.0, 0.6}) {
        for (const double bias : {0.0, bias_variance}) {
          for (const char* activation : {"tanh", "relu"}) {
            const Case c{{"constant", n, 0, 0, 4},      norm, keep, activation, bias, VarianceScaling::fan_in,
                         WeightDistribution::orthogonal};
            if (is_new(c)) cases.push_back(c);
          }
        }
      }
    }
  }
  return cases;
}

std::vector<Case> every(std::size_t step, const std::vector<Case>& all) {
  std::vector<Case> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

std::string name_of(const testing::TestParamInfo<Case>& test) {
  const Case& c = test.param;
  std::string name = std::string(word_of(c.weights)) + "_" + c.activation + "_" +
                     std::string(word_of(c.norm)) + "_keep" + std::to_string(std::lround(100 * c.keep)) +
                     "_n" + std::to_string(c.widths.width) + "_L" + std::to_string(c.widths.L) + "_" +
                     (c.bias > 0 ? "b_" : "") + std::string(word_of(c.scaling)) + "_" +
                     std::to_string(test.index);
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Gaussian, NetworksAgree, ::testing::ValuesIn(every(25, gaussian_cases())), name_of);
INSTANTIATE_TEST_SUITE_P(Orthogonal, NetworksAgree, ::testing::ValuesIn(every(13, orthogonal_cases())),
                         name_of);
INSTANTIATE_TEST_SUITE_P(DISABLED_Gaussian, NetworksAgree, ::testing::ValuesIn(gaussian_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(DISABLED_Orthogonal, NetworksAgree, ::testing::ValuesIn(orthogonal_cases()),
                         name_of);

}  // namespace
}  // namespace varprop::test
