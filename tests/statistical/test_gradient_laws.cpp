// Drift and spread at width n against theory: of the gradient, rate ln χ + κ₁/n and Var ln(g_l/g_m) = v (m −
// l)/n; of the settled signal, ⟨ln q_l⟩ = ln q* + drift/n and Var ln q_l = fluctuation/n.
//
// T = 10 000 networks of width 128 and depth 128 a case. The rate is held to 4 standard errors plus 5/n² for
// the next order (κ₁ within 0.1), the variance to 4 standard errors plus 1.5 % for its next order (v within 7
// %). The signal is taken in every fourth layer (correlated by 0.1), its mean held to 4 standard errors plus
// 15/n², its variance to 4 standard errors plus 3 %. A false alarm in 0.1 % of seeds; seeds are fixed. Seen
// to fail with: β left out of the backward pass; κ₁'s last term left out; v's last term left out; the bend of
// V left out of the drift; 1.8 in place of the signal's 2.
//
// Totals over 20 layers near a fixed point that drives signals away, against the walk: 20 000 networks of
// width 256 a case, means held to 4 standard errors plus the claimed error, variances to 4 standard errors
// plus 6 %.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/statistical/network_samples.hpp"
#include "theory/finite_width/finite_width.hpp"
#include "theory/finite_width/network_walk.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "workers/one_input/sum_engine.hpp"

namespace varprop::test {
using namespace theory;
namespace {

using namespace workers;

struct Case {
  const char* activation;
  double weight_variance;
};

class GradientLaw : public ::testing::TestWithParam<Case> {};

TEST_P(GradientLaw, GivesDriftAndSpreadAtFiniteWidth) {
  constexpr std::int64_t n = 128;
  constexpr std::size_t first = 13, last = 113, layers = last - first;
  const InfiniteWidthPredictor predict(Activation::parse(GetParam().activation));
  const Variances variances{GetParam().weight_variance, 0.05};
  const InfiniteWidth limit = predict(variances, first_layer_variance(variances));
  const auto law = gradient_correction(predict.mean_field(), variances, limit);
  ASSERT_TRUE(law);
  const auto forward_law = forward_correction(predict.mean_field(), variances, limit);
  std::vector<double> changes, settled;
  const Point point = make_point(GetParam().activation, variances.weight, variances.bias, n, 128);
  for_each_network<ConditionalEngine>(point, 5, 10000, [&](const NetworkSample& sample) {
    changes.push_back(sample.backward[first].ln() - sample.backward[last].ln());
    for (std::size_t l = first; l <= last; l += 4) settled.push_back(sample.forward[l].ln());
  });
  const Moments m(changes);
  EXPECT_NEAR(m.mean / layers, std::log(limit.chi) + law->kappa_1 / n,
              4 * m.standard_error() / layers + 5.0 / (n * n));
  const double v = m.variance * n / layers;
  EXPECT_NEAR(v, law->fluctuation, 4 * m.variance_standard_error() * n / layers + 0.015 * law->fluctuation);
  const Moments q(settled);
  EXPECT_NEAR(q.mean, std::log(*limit.q_star) + forward_law->drift / n,
              4 * q.standard_error() + 15.0 / (n * n));
  EXPECT_NEAR(q.variance * n, forward_law->fluctuation,
              4 * q.variance_standard_error() * n + 0.03 * forward_law->fluctuation);
}

INSTANTIATE_TEST_SUITE_P(Cases, GradientLaw,
                         ::testing::Values(Case{"tanh", 1.0}, Case{"tanh", 1.5}, Case{"tanh", 1.760955},
                                           Case{"erf", 1.375839}),
                         [](const auto& test) {
                           return std::string(test.param.activation) + "_" + std::to_string(test.index);
                         });

class TotalsNearRepeller : public ::testing::TestWithParam<Case> {};

TEST_P(TotalsNearRepeller, AreThoseOfTheWalk) {
  constexpr std::int64_t n = 256;
  constexpr std::int32_t L = 20;
  const MeanField mean_field(Activation::parse(GetParam().activation));
  NetworkWalk walk(mean_field, WeightDistribution::gaussian, n);
  const NetworkTotals claimed = walk({GetParam().weight_variance, 0}, 1, L, std::log(100));
  std::vector<double> signal, gradient;
  for_each_network<ConditionalEngine>(make_point(GetParam().activation, GetParam().weight_variance, 0, n, L),
                                      6, 20000, [&](const NetworkSample& sample) {
                                        signal.push_back(sample.forward.back().ln());
                                        gradient.push_back(sample.backward.front().ln());
                                      });
  const auto expect_law = [](const std::vector<double>& x, const TotalLaw& law, const char* what) {
    const Moments m(x);
    EXPECT_NEAR(m.mean, law.mean, 4 * m.standard_error() + law.error) << what;
    EXPECT_NEAR(m.variance, law.variance, 4 * m.variance_standard_error() + 0.1 * law.variance) << what;
  };
  expect_law(signal, claimed.forward, "signal");
  expect_law(gradient, claimed.backward, "gradient");
}

INSTANTIATE_TEST_SUITE_P(Cases, TotalsNearRepeller,
                         ::testing::Values(Case{"hardswish", 2.4648}, Case{"silu", 2.46}, Case{"gelu", 2.1}),
                         [](const auto& test) { return std::string(test.param.activation); });

}  // namespace
}  // namespace varprop::test
