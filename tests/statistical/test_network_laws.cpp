// Networks of unequal layers, with dropout and with norms against laws that are known exactly.
//
// Tolerances are 4 standard errors of T = 40 000 networks: a false alarm per comparison in 6·10⁻⁵ of seeds;
// the seeds are fixed. Seen to fail with the gain of the layer below, with dropped neurons in
// the rest, with r and with the projection left out of the norm's Jacobian.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/math/moments.hpp"
#include "tests/statistical/network_samples.hpp"
#include "workers/engines.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::uint32_t T = 40000;

/// ln q_L and ln g_1 of T networks, of those that are not extinct.
struct NetworkEnds {
  std::vector<double> forward, backward;
};

NetworkEnds simulated(const Point& point, const NetworkSettings& settings = {}) {
  const StopFlag stop{false};
  const auto network = make_engine(point, settings, PointSeed{5, hash_text(canonical_text(point, settings))});
  NetworkSample sample(static_cast<std::size_t>(point.depth.value()));
  NetworkEnds ends;
  for (std::uint32_t replica = 0; replica < T; ++replica) {
    network->simulate(replica, sample, stop);
    if (!sample.forward.back().zero()) ends.forward.push_back(sample.forward.back().ln());
    if (!sample.backward.front().zero()) ends.backward.push_back(sample.backward.front().ln());
  }
  return ends;
}

void expect_mean(const std::vector<double>& x, double mean, const char* what) {
  const Moments m(x);
  EXPECT_NEAR(m.mean, mean, 4 * m.standard_error()) << "mean of " << what;
}

void expect_mean_and_variance(const std::vector<double>& x, double mean, double variance, const char* what) {
  expect_mean(x, mean, what);
  const Moments m(x);
  EXPECT_NEAR(m.variance, variance, 4 * m.variance_standard_error()) << "variance of " << what;
}

/// ReLU, He's constant: E q_L = k_1 n_0 Π k_{l+1}n_l/2, E g_1 = Π k_{l+1}n_l/2, and ln g_1 − ln E g_1 has the
/// moments of independent layers of the hidden widths, whatever the fan.
TEST(UnequalLayers, OfReluHaveTheTelescopedMeansAndTheSumsOverHiddenWidths) {
  Point point = make_point("relu", 2, 0, 40, 4);  // 20-40-10-30-15
  point.shape = Shape::parse("1:0.25:0.75");
  point.input_width = InputWidth(20);
  point.output_width = OutputWidth(15);
  for (const auto& [scaling, log_q, log_g] :
       {std::tuple(VarianceScaling::fan_in, std::log(2.0), 0.0),
        std::tuple(VarianceScaling::fan_out, std::log(8.0 / 3), std::log(8.0 / 3))}) {
    NetworkSettings settings;
    settings.variance_scaling = scaling;
    const NetworkEnds ends = simulated(point, settings);
    std::vector<double> q, g;
    for (const double y : ends.forward) q.push_back(std::exp(y - log_q));
    for (const double y : ends.backward) g.push_back(std::exp(y - log_g));
    expect_mean(q, 1, "q_L over its mean");
    expect_mean(g, 1, "g_1 over its mean");
    expect_mean_and_variance(ends.backward, log_g - 0.4611, 1.1960, "ln g_1");
  }
}

TEST(UnequalLayers, ANarrowOneRulesTheSpread) {
  Point point = make_point("relu", 2, 0, 128, 8);
  point.shape = Shape::parse("1:0.5:0.25:0.125:0.25:0.5:1");
  expect_mean_and_variance(simulated(point).backward, -0.461268, 1.021052, "ln g_1");
}

/// torch.nn.Linear's defaults of 784-256-128-64-10: E q_l by q' = q/6 + 1/(3 n), E g_1 = (1/6)³.
TEST(UnequalLayers, HaveBiasesOverFanIn) {
  Point point = make_point("relu", 1.0 / 3, 1.0 / 3, 256, 4);
  point.shape = Shape::parse("1:0.5:0.25");
  point.input_width = InputWidth(784);
  point.output_width = OutputWidth(10);
  NetworkSettings settings;
  settings.bias_scaling = BiasScaling::fan_in;
  const NetworkEnds ends = simulated(point, settings);
  std::vector<double> q, g;
  for (const double y : ends.forward) q.push_back(std::exp(y));
  for (const double y : ends.backward) g.push_back(std::exp(y));
  expect_mean(q, 0.00722371, "q_4");
  expect_mean(g, 1.0 / 216, "g_1");
}

/// ReLU at σ_w² = 2p: the log ratio of a layer is that of (2/(pn)) χ²_K, K ~ Bin(n, p/2).
TEST(Dropout, OfReluHasTheExactLogMoments) {
  struct Law {
    double keep;
    std::int64_t n;
    double mean, variance;
  };
  for (const auto& [keep, n, mean, variance] :
       {Law{0.9, 32, -0.09448922, 0.20577218}, Law{0.9, 512, -0.00555456, 0.01116101},
        Law{0.5, 128, -0.04440111, 0.09240678}}) {
    constexpr std::int32_t L = 6;
    Point point = make_point("relu", 2 * keep, 0, n, L);
    point.keep = Keep(keep);
    expect_mean_and_variance(simulated(point).backward, (L - 1) * mean, (L - 1) * variance, "ln g_1");
  }
}

/// Plain RMSNorm before ReLU: ln g_1 of L layers less that of 2 is the sum of L − 2 layers, each of
/// ln χ²_{K−1} − ln χ'²_K, K ~ Bin(n, ½).
TEST(Norms, BeforeReluHaveTheExactLogMomentsOfTheGradient) {
  constexpr std::int32_t L = 12;
  constexpr double mean = -0.07184896, variance = 0.28794325;
  Point deep = make_point("relu", 1.3, 0, 32, L), shallow = make_point("relu", 1.3, 0, 32, 2);
  deep.norm = shallow.norm = Norm::pre_rms;
  const Moments one(simulated(shallow).backward), all(simulated(deep).backward);
  EXPECT_NEAR(all.mean - one.mean, (L - 2) * mean,
              4 * std::hypot(one.standard_error(), all.standard_error()));
  EXPECT_NEAR(all.variance - one.variance, (L - 2) * variance,
              4 * std::hypot(one.variance_standard_error(), all.variance_standard_error()));
}

}  // namespace
}  // namespace varprop::test
